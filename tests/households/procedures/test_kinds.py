"""A kind of procedure is one object: one that nothing else knows of is drafted, guarded, posted and approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Q

from households.models import Household, NoticeEntry, ProcedureTemplate
from households.models.template import Kind
from households.procedures.engine import procedure
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.guard_rows import MOVED, REMOVED
from households.procedures.engine.procedure import Procedure, RowGuard, drafted, procedure_of
from households.procedures.engine.writing import households_on
from households.procedures.lists.candidates import candidates
from tests.households.procedures.procedure_world import World

TOY = Procedure(
    kind=Kind.COUNTY_EXIT,
    fits=Q(note=""),
    guards=(REMOVED, MOVED, RowGuard("no_door", lambda _: Q(household__door_no=""), "没有门牌号")),
    effect=lambda batch, day: households_on(batch).update(note=f"{day:%Y} 年换牌"),
    planned=("拟换门牌", "门牌旧了"),
    consent_title="换牌认可表",
)
SPOKEN_OF = {
    "procedures/engine/village_exit.py": "the indicators of its own kind",
    "procedures/applications/views.py": "what a form offers first",
    "procedures/lists/views/members.py": "what a form offers first",
    "procedures/lists/views/board.py": "which list the board shows first",
    "procedures/lists/proposals.py": "which list settles a difference",
    "procedures/engine/offers.py": "what an era offers",
    "procedures/engine/templates.py": "which template a county identifies by",
}
"""Where a kind is named outside its file, and what for."""


@pytest.fixture
def toy(db) -> Iterator[World]:
    """The kind is enrolled, with a template as data: the steps of a removal."""
    kept = dict(procedure._procedures)
    procedure.enrol(TOY)
    template = ProcedureTemplate.objects.filter(kind=Kind.REMOVAL, is_default=True).get()
    steps = list(template.steps.order_by("position"))
    template.pk, template.kind, template.code, template.name = None, TOY.kind, "toy", "换牌"
    template.save()
    for step in steps:
        step.pk, step.template = None, template
        step.save()
    yield World(households=2, kind=str(TOY.kind))
    procedure._procedures.clear()
    procedure._procedures.update(kept)


def test_from_draft_to_approval(toy):
    assert (str(TOY.kind), TOY.label) in drafted()
    with pytest.raises(ProcedureError, match="没有门牌号"):
        toy.draft("toy")
    Household.objects.update(door_no="3")
    batch = toy.draft("toy")
    left = toy.household(door_no="4")
    toy.household(note="已换")
    assert list(candidates(toy.cadre, batch)) == [left]
    batch = toy.until(toy.start_drafted(batch), "")
    assert batch.state == "done"
    changed = Household.objects.filter(pk__in=[row.pk for row in toy.households])
    assert set(changed.values_list("note", flat=True)) == {f"{batch.ended_on:%Y} 年换牌"}
    assert set(NoticeEntry.objects.values_list("category", flat=True)) <= {"拟换门牌", "换门牌"}


def test_every_kind_has_its_object():
    assert {str(kind) for kind in Kind} == {str(procedure_of(kind).kind) for kind in Kind}


def test_nothing_else_speaks_of_a_kind():
    named = re.compile(rf"\bKind\.({'|'.join(Kind.names)})\b|[=!]= \"({'|'.join(Kind.values)})\"")
    found = set()
    for path in Path(settings.BASE_DIR, "households").rglob("*.py"):
        inside = path.relative_to(settings.BASE_DIR / "households").as_posix()
        text = path.read_text(encoding="utf-8").replace("PovertyLine.Kind.EXIT", "")
        if inside.startswith("procedures/") and "/engine/kinds/" not in inside and named.search(text):
            found.add(inside)
    assert found <= set(SPOKEN_OF)
