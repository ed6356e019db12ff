"""Applications of households and surveys of their homes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from households.models import Application, BatchEntry, Household, Survey, Surveyor
from households.procedures.engine import clock, windows
from households.procedures.engine.errors import ProcedureError, StateError
from households.procedures.engine.offers import demand_offered
from households.procedures.engine.procedure import procedure_of
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

FEWEST_SURVEYORS = 2


@dataclass(frozen=True)
class Proxy:
    """Who applies for a household that cannot do so itself (policy.md 6.11)."""

    name: str
    relation: str
    thumbprint: bool


@dataclass(frozen=True)
class SurveyorFacts:
    name: str
    signed_on: date
    is_representative: bool = False


def _check_day(day: date, what: str) -> None:
    if day > clock.today():
        raise ProcedureError(f"{what}还没有到，请填写实际日期。")


def apply(
    *,
    by: User,
    household: Household,
    kind: str,
    year: int,
    applied_on: date,
    reason: str,
    proxy: Proxy | None = None,
    authorised_on: date | None = None,
) -> Application:
    """Note an application. An inclusion for monitoring needs the household's authorisation (承诺授权, policy.md 6.7);
    a proxy needs name, relation and the household's thumbprint.

    Raises ProcedureError (also for a kind that the year's era does not offer), PermissionDenied.
    """
    check_right(by, Right.BATCH_DRAFT, household.village_id)
    demand_offered(kind, year, household.village_id)
    with act(by=by, verb="accept_application"):
        row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        _check_application(row, kind, reason, proxy, authorised_on)
        windows.demand(windows.Function.APPLICATION, kind, row.village_id)
        _check_day(applied_on, "申请日期")
        if Application.objects.filter(household=row, kind=kind, state__in=Application.WAITING).exists():
            raise StateError("这一户已有待处理的同类申请，不用重复登记。")
        bound = BatchEntry.objects.filter(household=row, is_open=True, batch__kind=kind)
        on_list = bound.select_related("batch").first()
        return Application.objects.create(
            state=Application.State.LISTED if on_list else Application.State.OPEN,
            batch=on_list.batch if on_list else None,
            household=row,
            village_id=row.village_id,
            kind=kind,
            year=year,
            applied_on=applied_on,
            reason=reason.strip()[:300],
            by_proxy=proxy is not None,
            proxy_name=proxy.name.strip() if proxy else "",
            proxy_relation=proxy.relation.strip() if proxy else "",
            thumbprint=proxy.thumbprint if proxy else False,
            authorised_on=authorised_on,
            received_by=by,
        )


def _check_application(row: Household, kind: str, reason: str, proxy: Proxy | None, authorised_on: date | None) -> None:
    declared = procedure_of(kind)
    if not declared.applied_for:
        raise ProcedureError(f"“{declared.label}”不由农户申请，请直接拟定名单。")
    if row.removed_on:
        raise ProcedureError("该户已销户，不能申请；如仍在本村居住，请先重新登记。")
    if not reason.strip():
        raise ProcedureError("请填写申请理由。")
    if proxy and not (proxy.name.strip() and proxy.relation.strip()):
        raise ProcedureError("由他人代办的，请填写代办人姓名和与申请人的关系。")
    if proxy and not proxy.thumbprint:
        raise ProcedureError("由他人代办的，申请书须由申请人按手印。")
    if declared.authorised and authorised_on is None:
        raise ProcedureError("纳入监测须有农户的承诺授权，请填写授权日期。")
    if authorised_on:
        _check_day(authorised_on, "授权日期")


def close_application(*, by: User | None, application: Application, state: str, reason: str) -> Application:
    """Decline an open application, or note that it was withdrawn. Raises ProcedureError, PermissionDenied."""
    check_right(by, Right.BATCH_DRAFT, application.household.village_id)
    if state not in (Application.State.DECLINED, Application.State.WITHDRAWN):
        raise ValueError(f"no such end: {state!r}")
    with act(by=by, verb="close_application", reason=reason):
        row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if row.state != Application.State.OPEN:
            raise StateError(f"这份申请{row.get_state_display()}，不能再办理。")
        if not reason.strip():
            raise ProcedureError("请写明不予受理或撤回的原因。")
        row.state, row.state_reason, row.decided_on = state, reason.strip()[:200], clock.today()
        row.save(update_fields=["state", "state_reason", "decided_on"])
    return row


def _check_after_application(household: Household, kind: str, surveyed_on: date) -> None:
    """A house is looked at after the household applied. Raises ProcedureError."""
    rows = Application.objects.filter(household=household, kind=kind, state__in=Application.WAITING)
    applied_on = rows.order_by("-applied_on").values_list("applied_on", flat=True).first()
    if applied_on and surveyed_on < applied_on:
        raise ProcedureError(f"入户调查（{surveyed_on:%Y-%m-%d}）早于农户申请（{applied_on:%Y-%m-%d}），请核对日期。")


def record_survey(
    *,
    by: User,
    household: Household,
    kind: str,
    year: int,
    surveyed_on: date,
    finding: str,
    surveyors: Sequence[SurveyorFacts],
    note: str = "",
    household_signed: bool = False,
    read_back: bool = False,
) -> Survey:
    """Note a visit: at least two different people, each with the day of the signature (policy.md 7.9).

    Raises ProcedureError, PermissionDenied.
    """
    check_right(by, Right.STEP_RECORD, household.village_id)
    names = [each.name.strip() for each in surveyors]
    if len(set(names)) < FEWEST_SURVEYORS or len(set(names)) < len(names) or not all(names):
        raise ProcedureError("入户调查至少两人，请分别填写姓名（不能重复）。")
    if finding not in Survey.Finding.values:
        raise ProcedureError("请选择调查结论。")
    if finding == Survey.Finding.FAILS and not note.strip():
        raise ProcedureError("不符合条件的，请写明调查情况。")
    if not household_signed:
        raise ProcedureError("入户调查表须由农户签字（或按手印）。")
    for each in surveyors:
        _check_day(each.signed_on, "签字日期")
        if each.signed_on < surveyed_on:
            raise ProcedureError(f"{each.name}的签字日期早于调查日期，请核对。")
    _check_day(surveyed_on, "调查日期")
    _check_after_application(household, kind, surveyed_on)
    with act(by=by, verb="record_survey"):
        survey = Survey.objects.create(
            household=household,
            village_id=household.village_id,
            kind=kind,
            year=year,
            surveyed_on=surveyed_on,
            finding=finding,
            note=note.strip()[:500],
            household_signed=household_signed,
            read_back=read_back,
            by=by,
        )
        Surveyor.objects.bulk_create(
            Surveyor(
                survey=survey,
                name=each.name.strip(),
                signed_on=each.signed_on,
                is_representative=each.is_representative,
            )
            for each in surveyors
        )
    return survey
