"""Verbs on what a county sets about its years and eras: rows are added and withdrawn, never overwritten."""

from collections.abc import Collection
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from povreg.kit.history import act
from villages.models import OfficeName, Place, Programme, User, WorkingYear
from villages.models.period import CountyRow
from villages.periods.eras import era_in
from villages.periods.hooks import announce, declared_procedures
from villages.periods.selectors import forget
from villages.rights import Right
from villages.rights.checks import check_right

FIRST_YEAR = 2013  # the first registration
Row = TypeVar("Row", bound=CountyRow)


def set_working_year(*, by: User | None, county: Place, year: int, source: str) -> WorkingYear:
    """Say which year a county works on: what pages open on, and API answers without a year.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for a place that is no county, a year out of
    range, the year set already, or no reason.
    """
    check_right(by, Right.STANDARD_EDIT, county.pk)
    with act(by=by, verb="set_working_year", reason=source):
        _check_county(county)
        last = timezone.localdate().year + 1
        if not FIRST_YEAR <= year <= last:
            raise ValidationError({"year": f"工作年度应在 {FIRST_YEAR} 到 {last} 之间，请重新填写。"})
        now = WorkingYear.objects.current().filter(county=county).order_by("-pk").first()
        if now is not None and now.year == year:
            raise ValidationError({"year": f"工作年度已经是 {year} 年，没有需要修改的内容。"})
        return _added(WorkingYear(county=county, year=year, source=_said(source), created_by=by))


def name_office(
    *, by: User | None, county: Place, since: date, name: str, source: str, group: str = "", hotline: str = ""
) -> OfficeName:
    """Say what the county's office is called from a day on; pages, notices and papers of that time use it.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for a place that is no county, no name, a name
    that starts on the same day, or no reason.
    """
    check_right(by, Right.STANDARD_EDIT, county.pk)
    with act(by=by, verb="name_office", reason=source):
        _check_county(county)
        if not name.strip():
            raise ValidationError({"name": "请填写机构名称。"})
        if OfficeName.objects.current().filter(county=county, since=since).exists():
            raise ValidationError({"since": "这一天已经登记过机构名称，请先撤回原来的。"})
        texts = {"name": name.strip(), "group": group.strip(), "hotline": hotline.strip()}
        return _added(OfficeName(county=county, since=since, source=_said(source), created_by=by, **texts))


def start_programme(
    *,
    by: User | None,
    county: Place,
    name: str,
    procedures: Collection[str],
    line_kind: str,
    year_from: int,
    source: str,
    year_to: int | None = None,
) -> Programme:
    """Switch procedures on in a county for a programme of its province, with the kind of line that judges there.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for a place that is no county, no name, no or
    unknown procedures, years of an era that has them all, years in the wrong order, years of another programme, or no
    reason.
    """
    check_right(by, Right.STANDARD_EDIT, county.pk)
    with act(by=by, verb="start_programme", reason=source):
        _check_county(county)
        _check_programme(county, name, procedures, line_kind, year_from, year_to)
        row = Programme(
            county=county,
            name=name.strip(),
            procedures=[code for code in declared_procedures() if code in procedures],
            line_kind=line_kind,
            year_from=year_from,
            year_to=year_to,
            source=_said(source),
            created_by=by,
        )
        announce(county.pk, year_from, year_to, by)
        return _added(row)


def _check_programme(
    county: Place, name: str, procedures: Collection[str], line_kind: str, year_from: int, year_to: int | None
) -> None:
    if not name.strip():
        raise ValidationError({"name": "请填写项目名称。"})
    unknown = set(procedures) - set(declared_procedures())
    if not procedures or unknown:
        raise ValidationError({"procedures": "请至少选择一项办理事项，并从列出的事项中选择。"})
    if line_kind not in Programme.Line.values:
        raise ValidationError({"line_kind": "请选择评定所用的标准。"})
    if year_from <= era_in(FIRST_YEAR).year_to or year_from > timezone.localdate().year + 1:
        raise ValidationError({"year_from": "起始年度应在 2021 年到明年之间：2020 年及以前按脱贫攻坚期的规定办理。"})
    if year_to is not None and year_to < year_from:
        raise ValidationError({"year_to": "截止年度早于起始年度，请改正，或留空表示长期有效。"})
    for other in Programme.objects.current().filter(county=county):
        if (other.year_to is None or other.year_to >= year_from) and (year_to is None or other.year_from <= year_to):
            raise ValidationError({"year_from": f"与“{other.name}”的年度重叠，一年只能有一个省定项目。"})


def withdraw_setting(*, by: User | None, row: CountyRow, reason: str) -> CountyRow:
    """Take a working year, a name or a programme back; what held before it holds again.

    Raises PermissionDenied without STANDARD_EDIT there, ValidationError for one withdrawn already or no reason.
    """
    check_right(by, Right.STANDARD_EDIT, row.county_id)
    with act(by=by, verb="withdraw_setting", reason=reason):
        old = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        if old.withdrawn_at:
            raise ValidationError("已被撤回，请刷新列表后再操作。")
        if not reason.strip():
            raise ValidationError({"reason": "请填写原因。"})
        old.withdrawn_at, old.withdrawn_by, old.withdrawn_reason = timezone.now(), by, reason.strip()[:200]
        old.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        if isinstance(old, Programme):
            announce(old.county_id, old.year_from, old.year_to, by)
        return _kept(old)


def _check_county(county: Place) -> None:
    if county.level != Place.Level.COUNTY:
        raise ValidationError({"county": "请选择县（区、市）。"})


def _said(source: str) -> str:
    if not source.strip():
        raise ValidationError({"source": "请填写依据（文件名称、文号或会议）。"})
    return source.strip()[:200]


def _added(row: Row) -> Row:
    row.save()
    return _kept(row)


def _kept(row: Row) -> Row:
    """Forget what this process keeps of the county, now for what follows in this transaction, and when it is over for
    what others may have read meanwhile."""
    forget(row.county_id)
    transaction.on_commit(lambda: forget(row.county_id))
    return row
