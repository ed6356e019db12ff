"""Conditions over facts and standing that a kind of procedure may ask, by code: rows name them, nobody writes code.

Each says what must hold of a household of a list in its year; a row adds parameters, what is said where it does not
hold, and whether it may come later or be outweighed by an exception.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from households.models import Review, Spell
from households.procedures.engine import facts_asked
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.facts_asked import HARD_FACTS, income_recorded, recorded, tested
from households.procedures.engine.guard_rows import headless, judged
from households.procedures.engine.procedure import RowGuard

Holds = Callable[..., Q]


@dataclass(frozen=True)
class Asked:
    """One condition: ``holds(year, **params)`` over entries of a list, and what is said where it does not. ``later``:
    not asked while a list is drafted, ``excusable``: an exception may outweigh it; a row may say otherwise."""

    code: str
    label: str
    holds: Holds
    message: str
    params: tuple[str, ...] = ()
    later: bool = False
    excusable: bool = False


def _in_class(_year: int, keys: Sequence[str], path: str = "household_id") -> Q:
    return Q(Exists(Spell.objects.filter(household_id=OuterRef(path), klass__in=list(keys), until__isnull=True)))


def _reviewed(year: int) -> Q:
    return Q(Exists(Review.objects.filter(household_id=OuterRef("household_id"), year=year)))


EVERY = (
    Asked("head", "有户主", lambda year: ~headless(year), "没有户主，请先在农户信息中登记户主"),
    Asked("living", "没有销户", lambda _: Q(household__removed_on__isnull=True), "已销号"),
    Asked("in_class", "现有这些身份之一", _in_class, "没有规定的身份", ("keys",)),
    Asked("not_in_class", "现在没有这些身份", lambda year, keys: ~_in_class(year, keys), "已有这一身份", ("keys",)),
    Asked("recorded", "有本年度记录", recorded, "没有年度记录，请先登记收入、住房、教育、医疗等情况"),
    Asked("income_recorded", "收入有记录", income_recorded, "收入没有记录，请先补录"),
    Asked("income_below", "收入低于标准", lambda year: judged(year, failed__contains=["income"]), "收入不低于标准"),
    Asked(
        "something_unmet",
        "收入或保障有未达标的",
        lambda year: judged(year, failed__len__gt=0),
        "收入和保障没有低于标准的",
    ),
    Asked(
        "all_met",
        "两不愁三保障全部达标",
        lambda year: judged(year, verdict="pass"),
        "两不愁三保障没有全部达标或没有记录",
    ),
    Asked("tested", "有收入测算", tested, "没有收入测算，请先测算近十二个月的收入和自付支出", later=True),
    Asked(
        "tested_inside",
        "测算在监测范围内",
        lambda year: tested(year, result="inside"),
        "测算的收入不在监测范围内",
        later=True,
        excusable=True,
    ),
    Asked("no_hard_facts", "比对没有疑点", lambda year: ~HARD_FACTS.bad(year), HARD_FACTS.message),
    Asked("reviewed", "有本年度综合评估", _reviewed, "没有本年度综合评估，请先评估"),
    Asked("evidence", "附佐证材料", lambda _: facts_asked.with_evidence(), "没有上传佐证材料", later=True),
)
BY_CODE: Mapping[str, Asked] = {each.code: each for each in EVERY}


def guards_of(conditions: Sequence[Mapping[str, Any]]) -> tuple[RowGuard, ...]:
    """The guards of the conditions that a row names."""
    return tuple(_guard(each) for each in conditions)


def _guard(said: Mapping[str, Any]) -> RowGuard:
    asked = BY_CODE[said["ask"]]
    params = {name: said[name] for name in asked.params}
    return RowGuard(
        asked.code,
        lambda year: ~asked.holds(year, **params),
        said.get("message") or asked.message,
        later=bool(said.get("later", asked.later)),
        excusable=bool(said.get("excusable", asked.excusable)),
    )


def fits_of(fits: Sequence[Mapping[str, Any]]) -> Q:
    """Which households may be put on a list: conditions on standing, over households."""
    found = Q(removed_on__isnull=True)
    for each in fits:
        inside = _in_class(0, each["keys"], path="pk")
        found &= ~inside if each["ask"] == "not_in_class" else inside
    return found


def check(conditions: Sequence[Mapping[str, Any]]) -> None:
    """Raise ProcedureError for a condition that nobody knows, or without its parameters."""
    for each in conditions:
        asked = BY_CODE.get(str(each.get("ask", "")))
        if asked is None:
            raise ProcedureError({"conditions": "没有这个条件，请从列表中选择。"})
        if any(not each.get(name) for name in asked.params):
            raise ProcedureError({"conditions": f"“{asked.label}”请选择身份类别。"})
