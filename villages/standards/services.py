"""Verbs on lines and criteria sets: nothing is overwritten, every change is followed by a recompute (policy.md 4.5).

A county keeps its own lines and sets; those of the whole country come with the product and are changed by the operator
only (``by=None``).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from povreg.kit.history import act
from villages.models import CriteriaSet, Place, PovertyLine, User
from villages.rights import Right
from villages.rights.checks import check_right
from villages.standards.hooks import StandardChange, announce, declared_criteria

FIRST_YEAR = 1986  # the first national poverty line
HIGHEST_AMOUNT = Decimal(100_000)  # yuan a person and year; anything above is a slip of the pen
CRITERIA = "criteria"


def add_line(
    *, by: User | None, kind: str, year: int, place: Place | None, amount: Decimal, source: str, note: str = ""
) -> PovertyLine:
    """Publish a line (yuan a person and year) for a kind, year and place; no place is the whole country.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for a line that is there already, a figure that
    is no line, a year out of range, or no source.
    """
    check_right(by, Right.STANDARD_EDIT, place.pk if place else "")
    with act(by=by, verb="add_line", reason=source):
        there = PovertyLine.objects.filter(kind=kind, year=year, place=place, withdrawn_at__isnull=True)
        if there.exists():
            raise ValidationError({"year": f"{year}年的这一标准已经登记，请在列表中“更正”，不要重复登记。"})
        check_line(year, amount, source)
        line = PovertyLine.objects.create(
            kind=kind, year=year, place=place, amount=amount, source=source.strip(), note=note.strip(), created_by=by
        )
        _line_changed(line, by)
        return line


def correct_line(
    *, by: User | None, line: PovertyLine, amount: Decimal, source: str, note: str = "", reason: str
) -> PovertyLine:
    """Withdraw a line and publish the right one in its place; verdicts keep naming the line they used.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError when nothing changes, for a line withdrawn
    already, no reason, or what :func:`add_line` refuses.
    """
    check_right(by, Right.STANDARD_EDIT, line.place_id or "")
    with act(by=by, verb="correct_line", reason=reason):
        old = _withdraw(by, line, reason)
        if (old.amount, old.source, old.note) == (amount, source.strip(), note.strip()):
            raise ValidationError({"amount": "与原标准相同，没有需要更正的内容。"})
        return add_line(by=by, kind=old.kind, year=old.year, place=old.place, amount=amount, source=source, note=note)


def withdraw_line(*, by: User | None, line: PovertyLine, reason: str) -> PovertyLine:
    """Take a line back; places below fall to the next wider line, or have none for that year.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for a line withdrawn already or no reason.
    """
    check_right(by, Right.STANDARD_EDIT, line.place_id or "")
    with act(by=by, verb="withdraw_line", reason=reason):
        old = _withdraw(by, line, reason)
        _line_changed(old, by)
        return old


def _withdraw(by: User | None, line: PovertyLine, reason: str) -> PovertyLine:
    row = PovertyLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if row.withdrawn_at:
        raise ValidationError("这条标准已被撤回，请刷新列表后再操作。")
    if not reason.strip():
        raise ValidationError({"reason": "请填写原因。"})
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), by, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return row


def check_line(year: int, amount: Decimal, source: str) -> None:
    """Raises ValidationError, beside the field, for a line that cannot be one."""
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise ValidationError({"year": f"年度应在 {FIRST_YEAR} 年到明年之间，请核对。"})
    if not 0 < amount <= HIGHEST_AMOUNT:
        raise ValidationError({"amount": f"标准应大于 0、不超过 {HIGHEST_AMOUNT:,} 元/人·年，请核对单位。"})
    if not source.strip():
        raise ValidationError({"source": "请填写依据（文件名称或文号）。"})


def _line_changed(line: PovertyLine, by: User | None) -> None:
    announce(StandardChange(line.kind, line.year, line.year, line.place_id or ""), by)


def publish_set_version(
    *,
    by: User | None,
    name: str,
    criteria: Sequence[str],
    place: Place | None,
    year_from: int,
    source: str,
    year_to: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> CriteriaSet:
    """Publish a set of criteria as the next version of its name at a place; older versions stay for their verdicts.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for no or unknown criteria, years in the wrong
    order or out of range, thresholds that are none, no name or no source.
    """
    check_right(by, Right.STANDARD_EDIT, place.pk if place else "")
    name = name.strip()
    with act(by=by, verb="publish_set_version", reason=source):
        check_set(name, criteria, source)
        check_years(year_from, year_to)
        check_params(params or {})
        last = CriteriaSet.objects.select_for_update(of=("self",)).filter(name=name, place=place).first()
        row = CriteriaSet.objects.create(
            name=name,
            version=last.version + 1 if last else 1,
            criteria=[code for code in declared_criteria() if code in criteria],
            params=dict(params or {}),
            place=place,
            year_from=year_from,
            year_to=year_to,
            source=source.strip(),
            created_by=by,
        )
        _set_changed(row, by)
        return row


def withdraw_set(*, by: User | None, criteria_set: CriteriaSet, reason: str) -> CriteriaSet:
    """Stop using a set; places fall to the next one that holds.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError when it is out of use already, or no reason.
    """
    check_right(by, Right.STANDARD_EDIT, criteria_set.place_id or "")
    with act(by=by, verb="withdraw_set", reason=reason):
        row = CriteriaSet.objects.select_for_update(of=("self",)).get(pk=criteria_set.pk)
        if not row.is_active:
            raise ValidationError("这套标准已经停用。")
        if not reason.strip():
            raise ValidationError({"reason": "请填写停用原因。"})
        row.is_active = False
        row.save(update_fields=["is_active"])
        _set_changed(row, by)
        return row


def _set_changed(row: CriteriaSet, by: User | None) -> None:
    announce(StandardChange(CRITERIA, row.year_from, row.year_to, row.place_id or ""), by)


def check_set(name: str, criteria: Sequence[str], source: str) -> None:
    """Raises ValidationError for a set without name, criteria or source, or with criteria nobody can judge."""
    if not name:
        raise ValidationError({"name": "请填写名称。"})
    if not criteria:
        raise ValidationError({"criteria": "请至少选择一项指标。"})
    unknown = [code for code in criteria if code not in declared_criteria()]
    if unknown:
        raise ValidationError({"criteria": f"没有这样的指标：{'、'.join(unknown)}，请从列出的指标中选择。"})
    if not source.strip():
        raise ValidationError({"source": "请填写依据（文件名称或文号）。"})


def check_years(year_from: int, year_to: int | None) -> None:
    """Raises ValidationError for years out of range or in the wrong order."""
    if not FIRST_YEAR <= year_from <= timezone.localdate().year + 1:
        raise ValidationError({"year_from": f"起始年度应在 {FIRST_YEAR} 年到明年之间，请核对。"})
    if year_to is not None and year_to < year_from:
        raise ValidationError({"year_to": "截止年度早于起始年度，请改正，或留空表示长期有效。"})


def check_params(params: Mapping[str, Any]) -> None:
    """Raises ValidationError for an empty range of school age or a margin that is no share."""
    ages = params.get("school_age")
    if ages and not 3 <= ages[0] < ages[1] <= 20:
        raise ValidationError({"school_until": "义务教育年龄的起止不对，应在 3 至 20 岁之间，且止大于起。"})
    margin = params.get("borderline")
    if margin is not None and not 0 <= Decimal(str(margin)) <= 1:
        raise ValidationError({"borderline": "踩线比例应在 0 到 100 之间（百分比）。"})
