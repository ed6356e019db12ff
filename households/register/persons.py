"""A person is one row for life: coming back takes the old row, and two rows of one person become one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from households.models import (
    AcceptedWarning,
    DepartmentRow,
    Household,
    LateFact,
    Member,
    MemberYear,
    Presence,
    RegisterEvent,
)
from households.models.presence import Change
from households.register import after
from households.register.apart import follow_marks, refuse_apart
from households.register.errors import refusal
from households.register.guard import lock, save
from households.register.people import read_id
from households.register.turnover import Turn, Turnover, tell
from households.register.turns import last_of, refuse_order
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.idnumber import IdNumber, normalise
from povreg.kit.reach import wider
from povreg.kit.scopes import county_of, within
from povreg.kit.values import plain
from villages.models import User
from villages.rights import Right

PROJECTED = ("household_id", "village_id", "relation", "joined_on", "joined_reason", "left_on", "left_reason")


@wider("who_left")
def who_left(household: Household, facts: Mapping[str, Any]) -> Member | None:
    """Who with this identity number had lived in the county and left, locked. Raises ValidationError for the dead."""
    number = read_id(normalise(facts.get("id_no") or ""))
    if not isinstance(number, IdNumber):
        return None
    rows = Member.objects.filter(
        within("village_id", county_of(household.village_id)), id_hash=lookup_hash(number.text), left_on__isnull=False
    ).exclude(left_reason=Change.MISTAKE)
    known = rows.order_by("-left_on", "-pk").select_for_update(of=("self",)).first()
    if known is not None and known.left_reason == Change.DEATH:
        raise refusal(
            f"这个证件号码的{known.name}已于 {plain(known.left_on)}登记死亡，请核对；死亡登记有误的，请在原户撤销。",
            field="id_no",
        )
    return known


@wider("who_left")
def take_in(known: Member, household: Household, relation: str, on: date, kind: str) -> None:
    """Somebody who had left comes to live in a household on a day. Raises ValidationError for a day before he left."""
    refuse_order(known, on, another_day=True)
    if known.left_on and on < known.left_on:
        raise refusal(f"日期 {plain(on)}早于其离开原户的日期 {plain(known.left_on)}，请核对。", field="on")
    home = {"household_id": household.pk, "village_id": household.village_id, "relation": relation}
    save(known, home | {"joined_on": on, "joined_reason": kind, "left_on": None, "left_reason": ""})
    tell(Turnover(Turn.CAME, household, on, members=[known.pk]))


Mover = Callable[[Member, Member], None]
_pointers: dict[str, Mover] = {}


def declare_pointer(name: str, move: Mover) -> None:
    """Say what becomes of rows that point to a member ("app.Model.field") when two rows of one person become one:
    ``move(kept, double)``. A test asks that every such field is declared."""
    _pointers[name] = move


def pointers() -> Mapping[str, Mover]:
    return dict(_pointers)


def move_rows(model: Any) -> Mover:
    """The rows of a model with a ``member`` become those of the kept one."""
    return lambda kept, double: model._base_manager.filter(member=double).update(member=kept)


def _move_department_rows(kept: Member, double: Member) -> None:
    for row in DepartmentRow.objects.filter(members=double):
        row.members.add(kept)
        row.members.remove(double)


def _move_ticks(kept: Member, double: Member) -> None:
    AcceptedWarning.objects.filter(household=double.household_id, target=str(double.pk)).delete()


def _leave(kept: Member, double: Member) -> None:
    """Nothing points there."""


def declare_own() -> None:
    """The pointers of this app."""
    declare_pointer("households.Presence.member", move_rows(Presence))
    declare_pointer("households.MemberYear.member", move_rows(MemberYear))
    declare_pointer("households.RegisterEvent.member", move_rows(RegisterEvent))
    declare_pointer("households.DepartmentRow.members", _move_department_rows)
    declare_pointer("households.AcceptedWarning.target", _move_ticks)
    declare_pointer("households.LateFact.member", move_rows(LateFact))
    declare_pointer("households.NotSame.one", follow_marks)
    declare_pointer("households.NotSame.other", _leave)  # the line above has followed them
    declare_pointer("households.CountedPerson.member", _leave)  # a closed year names who it counted: refused before


def merge_persons(*, by: User | None, kept: Member, double: Member, reason: str) -> Member:
    """Two rows are one person: everything of ``double`` becomes that of ``kept``, and ``double`` goes (the history
    keeps it). Right: HOUSEHOLD_MOVE at both households.

    Refused where both lived somewhere on one day, or were counted in one year: then one of the two rows is wrong, and
    must be set right first. Raises ValidationError, PermissionDenied.
    """
    if not reason.strip():
        raise refusal("请写明合并的原因。", field="reason")
    with act(by=by, verb="merge_persons", reason=reason):
        for pk in sorted({kept.household_id, double.household_id}):
            lock(by, Household(pk=pk), Right.HOUSEHOLD_MOVE)
        rows = {
            row.pk: row for row in Member.objects.select_for_update(of=("self",)).filter(pk__in=(kept.pk, double.pk))
        }
        kept, double = rows[kept.pk], rows[double.pk]
        refuse_apart(kept, double)
        _refuse_two(kept, double)
        latest = max((kept, double), key=lambda row: last_of(row).since or date.min)
        facts = {name: getattr(latest, name) for name in PROJECTED}
        homes = [kept.household_id, double.household_id]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS one_household_a_day, one_head_a_day DEFERRED")
        for move in _pointers.values():
            move(kept, double)
        double.delete()
        save(kept, facts)
        after.changed(homes)
    return kept


def _refuse_two(kept: Member, double: Member) -> None:
    if kept.pk == double.pk or county_of(kept.village_id) != county_of(double.village_id):
        raise refusal("请选择同一个县里的两条登记。", field="double")
    same_paper = kept.id_no and kept.id_no == double.id_no
    if not same_paper and (kept.name, kept.birth_date) != (double.name, double.birth_date):
        raise refusal("两条登记的证件号码不同，姓名和出生日期也不一致，不是同一人；请先核对证件号码。", field="double")
    frozen = sorted(double.counted_years.values_list("year", flat=True))
    if frozen:
        raise refusal(
            f"{frozen[0]}年已封存，封存时按人编号 {double.person_no} 计入。请保留那一条登记，把另一条并入。",
            field="double",
        )
    theirs = set(kept.years.values_list("year", flat=True)) & set(double.years.values_list("year", flat=True))
    if theirs:
        years = "、".join(f"{year}年" for year in sorted(theirs))
        raise refusal(
            f"两条登记在{years}都有当年情况，都计入了当年人口，不能合并。请先查明该年住在哪一户，在另一户撤销其加入或更正日期。",
            field="double",
        )
    stays = list(Presence.objects.filter(member=kept))
    if any(_meet(one, other) for one in stays for other in Presence.objects.filter(member=double)):
        raise refusal(
            "两条登记的居住时间重叠，一人同一天只能在一户。请先在其中一户登记其离开，或撤销其加入，再合并。",
            field="double",
        )


def _meet(one: Presence, other: Presence) -> bool:
    begins = max(one.since or date.min, other.since or date.min)
    return begins < min(one.until or date.max, other.until or date.max)
