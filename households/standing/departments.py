"""Lists of departments (民政部门的低保、特困等名单): they begin and end the classes that are theirs, nothing else.

A list need not be complete: a household that it does not name stays what it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from households.models import DepartmentList, DepartmentRow, Household, Spell, StandingClass
from households.models.standing import CIVIL, Known, Origin
from households.standing.hooks import announce
from households.standing.words import day_words
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY, county_of
from villages.codes.selectors import plain
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

DEPARTMENT = "民政局"
SPELLINGS = {"最低生活保障": "低保", "特困": "特困供养", "特困人员": "特困供养", "支出型困难": "刚性支出困难"}
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
_kept: dict[str, StandingClass] = {}


@dataclass(frozen=True)
class Named:
    """A household in a class, as a department's list names it; ``members`` are the persons named (none: all)."""

    household: int
    klass: str
    since: date
    until: date | None = None
    members: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """What one line of a list does: the spell it begins (``begins``), the one that it ends on a day, or a fault."""

    outcome: str = UNCHANGED
    begins: bool = False
    ends: Spell | None = None
    on: date | None = None
    fault: str = ""


@dataclass
class Taken:
    """The list as it was kept, and what each line of it did."""

    row: DepartmentList
    outcomes: list[str] = field(default_factory=list)
    households: list[int] = field(default_factory=list)


def class_labels() -> dict[str, str]:
    """The classes that departments decide: key to label."""
    return {each.pk: each.label for each in department_classes().values()}


def find_class(text: str) -> str | None:
    """The class that a cell names, with or without 户 at its end; None for one that departments do not decide."""
    wanted = plain(text).removesuffix("家庭").removesuffix("户")
    keys = {plain(label).removesuffix("户"): key for key, label in class_labels().items()}
    return keys.get(wanted) or keys.get(SPELLINGS.get(wanted, ""))


def department_classes() -> dict[str, StandingClass]:
    """The classes that departments decide, by key. They change with releases only, so each process keeps them."""
    if not _kept:
        _kept.update((each.pk, each) for each in StandingClass.objects.filter(by_department=True))
    return dict(_kept)


def steps_of(named: Sequence[Named]) -> list[Step]:
    """What each line would do to what is known, without doing it. Two statements."""
    classes = department_classes()
    held: dict[int, list[Spell]] = {}
    rows = Spell.objects.filter(household__in={each.household for each in named}, axis=CIVIL).select_related("klass")
    for spell in rows.order_by("since"):
        held.setdefault(spell.household_id, []).append(spell)
    seen: dict[int, list[Named]] = {}
    return [_step(each, classes, held.get(each.household, []), seen.setdefault(each.household, [])) for each in named]


def _step(line: Named, classes: dict[str, StandingClass], held: Sequence[Spell], earlier: list[Named]) -> Step:
    fault = _own_fault(line, classes) or _clash(line, classes, earlier)
    if fault:
        return Step(fault=fault)
    earlier.append(line)
    met = [each for each in held if _meets(line, each.since, each.until)]
    if not met:
        return Step(CREATED, begins=True)
    known = met[0]
    if len(met) == 1 and known.klass_id == line.klass:
        return _same_class(line, known)
    if len(met) == 1 and known.until is None and known.since and known.since < line.since:
        return Step(CREATED, begins=True, ends=known, on=line.since)
    since = day_words(known.since) if known.since else "以前"
    return Step(fault=f"该户自{since}起已是“{known.klass}”，与本行的起止时间重叠，请核对起始日期")


def _own_fault(line: Named, classes: dict[str, StandingClass]) -> str:
    if line.klass not in classes:
        return "类别只能是部门认定的类别，请从列表中选择"
    if line.since > timezone.localdate():
        return "起始日期还没有到，请核对"
    if line.until and line.until <= line.since:
        return "终止日期须晚于起始日期，请核对"
    return ""


def _clash(line: Named, classes: dict[str, StandingClass], earlier: Sequence[Named]) -> str:
    """One class a household and day, in the list itself, too; the same line again names another person."""
    for each in earlier:
        same = (each.klass, each.since, each.until) == (line.klass, line.since, line.until)
        if not same and _meets(line, each.since, each.until):
            return f"本名单中该户同时是“{classes[each.klass]}”，同一天只能有一类，请核对"
        if not same and each.klass == line.klass:
            return f"本名单中该户的“{classes[each.klass]}”出现了两段，请分两份名单导入"
    return ""


def _meets(line: Named, since: date | None, until: date | None) -> bool:
    return (until is None or until > line.since) and (line.until is None or since is None or since < line.until)


def _same_class(line: Named, known: Spell) -> Step:
    if known.until == line.until:
        return Step()
    if known.until is None and line.until is not None:
        return Step(UPDATED, ends=known, on=line.until)
    assert known.until is not None
    return Step(fault=f"该户的“{known.klass}”已登记到{day_words(known.until)}为止，与本行不符，请核对")


def take_department_list(
    *, by: User | None, county: str, department: str, document: str, as_of: date, named: Sequence[Named]
) -> Taken:
    """Keep a department's list and let it begin and end the classes it names; all of it or nothing. A list of the same
    paper and day that was taken before is gone on with, so taking one twice changes nothing.

    Raises ValidationError for a list without paper or lines, a household of another county, or a line that contradicts
    what is known; PermissionDenied.
    """
    if len(county) != COUNTY:
        raise ValidationError("部门名单按县接收，请选择县。")
    check_right(by, Right.COUNTY_REVIEW, county)
    named = merged(named)
    _demand(county, document, as_of, named)
    steps = steps_of(named)
    faults = [step.fault for step in steps if step.fault]
    if faults:
        raise ValidationError([f"{text}。" for text in dict.fromkeys(faults)])
    with act(by=by, verb="take_department_list", reason=f"{department} {document}"):
        row, _new = DepartmentList.objects.get_or_create(
            county_id=county, department=department.strip() or DEPARTMENT, document=document.strip(), as_of=as_of,
            defaults={"taken_by": by},
        )  # fmt: skip
        _write(row, named, steps)
        changed = [each.household for each, step in zip(named, steps, strict=True) if step.outcome != UNCHANGED]
        announce(changed)
    return Taken(row, [step.outcome for step in steps], changed)


def merged(named: Iterable[Named]) -> list[Named]:
    """Lines that say the same of one household are one; the persons they name are put together."""
    found: dict[tuple[int, str, date, date | None], Named] = {}
    for each in named:
        key = (each.household, each.klass, each.since, each.until)
        known = found.get(key)
        members = tuple(dict.fromkeys((*(known.members if known else ()), *each.members)))
        found[key] = Named(*key, members)
    return list(found.values())


def _demand(county: str, document: str, as_of: date, named: Sequence[Named]) -> None:
    if not document.strip():
        raise ValidationError({"document": ["请填写部门名单的文件号或批次。"]})
    if as_of > timezone.localdate():
        raise ValidationError({"as_of": ["名单日期还没有到，请核对。"]})
    if not named:
        raise ValidationError("名单中没有农户，没有接收。")
    homes = Household.objects.living().in_bulk({each.household for each in named})
    if any(county_of(home.village_id) != county for home in homes.values()) or len(homes) < len(
        {each.household for each in named}
    ):
        raise ValidationError("名单中有不在本县或已销户的农户，请核对户编号。")


def _write(row: DepartmentList, named: Sequence[Named], steps: Sequence[Step]) -> None:
    villages = dict(Household.objects.filter(pk__in={each.household for each in named}).values_list("pk", "village_id"))
    lines = [
        DepartmentRow(
            list=row, household_id=each.household, village_id=villages[each.household], klass_id=each.klass,
            since=each.since, until=each.until,
        )
        for each in named
    ]  # fmt: skip
    kept = DepartmentRow.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["list", "household", "klass"], update_fields=["since", "until"]
    )
    through = DepartmentRow.members.through
    through.objects.bulk_create(
        (
            through(departmentrow_id=line.pk, member_id=pk)
            for line, each in zip(kept, named, strict=True)
            for pk in each.members
        ),
        ignore_conflicts=True,
    )
    for step in steps:
        if step.ends:
            step.ends.until, step.ends.until_known, step.ends.end_origin = step.on, Known.DAY, Origin.DEPARTMENT
    Spell.objects.bulk_update([step.ends for step in steps if step.ends], ["until", "until_known", "end_origin"])
    Spell.objects.bulk_create(_spell(line, row) for line, step in zip(kept, steps, strict=True) if step.begins)


def _spell(line: DepartmentRow, row: DepartmentList) -> Spell:
    return Spell(
        household_id=line.household_id, village_id=line.village_id, klass_id=line.klass_id, since=line.since,
        until=line.until, until_known=Known.DAY if line.until else "", department_row=line, origin=Origin.DEPARTMENT,
        end_origin=Origin.DEPARTMENT if line.until else "", document=row.document,
    )  # fmt: skip
