"""Links of the description: from an answer to what is asked next, all of them followed by name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from rest_framework import serializers
from rest_framework.test import APIClient

from povreg.kit.api.description import description, written
from povreg.kit.api.resources import RESOURCES
from tests import factories
from villages.rights import Role

Operation = dict[str, Any]
NOT_LISTED = {"batches_papers_retrieve", "batches_papers_remove_create"}  # papers are told by their steps


@pytest.fixture
def described(db) -> dict[str, Any]:
    return APIClient().get("/api/v1/schema/").json()


def operations(described: dict[str, Any]) -> dict[str, tuple[str, Operation]]:
    return {each["operationId"]: (path, each) for path, of in described["paths"].items() for each in of.values()}


def links(operation: Operation) -> list[dict[str, Any]]:
    answers = operation["responses"].values()
    return [link for answer in answers for link in answer.get("links", {}).values()]


def test_no_two_shapes_have_one_name(db, tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yaml"), fail_on_warn=True)


def test_every_link_gives_parameters_that_its_target_takes(described):
    found = operations(described)
    wrong = []
    for name, (_path, operation) in found.items():
        for link in links(operation):
            known = {each["name"] for each in found[link["operationId"]][1].get("parameters", [])}
            if not set(link["parameters"]) <= known:
                wrong.append((name, link))
    assert wrong == []


def test_everything_that_is_asked_of_a_row_follows_from_some_answer(described):
    found = operations(described)
    reached = {link["operationId"] for _path, operation in found.values() for link in links(operation)}
    of_rows = {name for name, (path, _operation) in found.items() if "{" in path}
    assert of_rows - reached == NOT_LISTED


def test_a_client_walks_from_a_list_to_a_row_and_to_what_belongs_to_it(described, as_role):
    household = factories.household(members=2)
    client = as_role(Role.COUNTY_OFFICER)
    found = operations(described)

    def follow(name: str, target: str, answer: dict[str, Any]) -> dict[str, Any]:
        [link] = [each for each in links(found[name][1]) if each["operationId"] == target]
        path, _operation = found[target]
        given = {key: pointed(answer, value) for key, value in link["parameters"].items()}
        inside = {key: value for key, value in given.items() if f"{{{key}}}" in path}
        return client.get(path.format(**inside), {key: given[key] for key in given if key not in inside}).json()

    listed = client.get("/api/v1/households/").json()
    row = follow("households_list", "households_retrieve", listed)
    assert row["id"] == household.pk
    members = follow("households_retrieve", "members_list", row)
    assert members["count"] == 2
    assert follow("members_list", "households_retrieve", members)["id"] == household.pk


def pointed(answer: Any, expression: str) -> Any:
    """What a runtime expression of the body points at."""
    for part in expression.removeprefix("$response.body#/").split("/"):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def test_the_description_is_made_once():
    description.cache_clear()
    written.cache_clear()
    first, second = (APIClient().get("/api/v1/schema/").json() for _ in range(2))
    assert first == second
    assert first["paths"]
    assert description.cache_info().misses == 1


def test_what_may_be_blank_is_described_so():
    """A choice that was not recorded is answered as an empty text."""
    forgotten = []
    for resource in RESOURCES:
        serializer = getattr(resource, "serializer_class", None)
        if not isinstance(serializer, type) or not issubclass(serializer, serializers.ModelSerializer):
            continue
        columns = {column.name: column for column in serializer.Meta.model._meta.fields}
        for field_name, field in serializer().fields.items():
            column = columns.get(field.source)
            if column is not None and column.choices and column.blank and isinstance(field, serializers.ChoiceField):
                forgotten += [] if field.allow_blank else [f"{resource.__name__}.{field_name}"]
    assert not forgotten
