"""Every factory builds a row, and every row that belongs to a place says who may see it."""

import inspect

import pytest
from django.apps import apps

from households.models import Household
from tests import factories
from villages.rights import Role
from villages.rights.scope import Scope, ScopedQuerySet

OURS = ("villages", "households", "assistance", "audits")
GLOBAL = {
    "Place",
    "PlaceChange",
    "PovertyLine",
    "CriteriaSet",
    "WorkingYear",  # a county's settings are seen by whoever works in it
    "OfficeName",
    "Programme",
    "YearClosing",
    "CatalogueItem",
    "IncomeModel",
    "LoanTerms",  # the catalogue and the policies are for everybody
    "Policy",
    "VillageProfile",
    "Code",
    "Message",  # hangs on the person it was sent to; the place says which note it was
}  # seen by all, or a place itself
FACTORIES = [
    function
    for name, function in inspect.getmembers(factories, inspect.isfunction)
    if function.__module__ == factories.__name__ and name not in {"id_number", "initials", "stand", "clearance"}
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda function: function.__name__)
def test_every_factory_builds(factory):
    needed = [
        argument(name)
        for name, parameter in inspect.signature(factory).parameters.items()
        if parameter.default is inspect.Parameter.empty and parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    row = factory(*needed)
    row.refresh_from_db()
    assert row.pk


def argument(name):
    return {
        "of": lambda: factories.household(members=1),
        "person": lambda: factories.member(factories.household()),
        "account": factories.user,
        "role": lambda: Role.VILLAGE_CADRE,
        "about": factories.lead,
    }[name]()


def domain_models():
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            if not hasattr(model, "pgh_tracked_model") and not model._meta.auto_created:
                yield model


def places_of(model):
    """Names of the fields by which rows of a model hang on a place."""
    return [
        field.name for field in model._meta.fields if field.related_model and field.related_model.__name__ == "Place"
    ]


@pytest.mark.parametrize("model", list(domain_models()), ids=lambda model: model.__name__)
def test_a_row_of_a_place_has_a_scope(model):
    if model.__name__ in GLOBAL or not places_of(model):
        return
    assert isinstance(getattr(model, "scope", None), Scope), f"{model.__name__} has {places_of(model)} but no scope"
    assert isinstance(model._default_manager.all(), ScopedQuerySet), f"{model.__name__} lacks visible_to"


@pytest.mark.django_db
def test_a_scope_hides_the_other_county():
    mine, theirs = factories.household(), factories.household(factories.OTHER_VILLAGE)
    cadre = factories.posted(Role.VILLAGE_CADRE)
    assert list(Household.objects.visible_to(cadre)) == [mine]
    assert theirs not in Household.objects.visible_to(cadre)
