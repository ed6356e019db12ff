"""Lists: drafted, filled, started, stopped; households taken out or sent back one by one."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from households.models import (
    Application,
    Assessment,
    Batch,
    BatchEntry,
    Household,
    Objection,
    ProcedureTemplate,
    StayReason,
)
from households.models.codes import REGISTERED_POOR
from households.models.template import PaperKind, kind_label
from households.procedures.engine import (
    clock,
    guards,
    windows,
)
from households.procedures.engine.duties import demand_level
from households.procedures.engine.errors import ProcedureError, StateError, listed
from households.procedures.engine.offers import demand_offered
from households.procedures.engine.procedure import procedure_of
from households.procedures.engine.stage import (
    acting_levels,
    enter,
    locked,
    move,
    name,
    past_day,
)
from households.procedures.engine.templates import steps_of, template_for, templates_for
from households.procedures.lists import carried
from households.procedures.lists.stored import keep_paper
from povreg.kit.history import act
from povreg.kit.locks import hold
from povreg.kit.scopes import within
from villages.codes.selectors import labels
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

SOURCES = ("eligible", "applications", "chosen")
LISTED = BatchEntry.State.LISTED


def draft_batch(
    *,
    by: User,
    kind: str,
    village: str,
    year: int,
    source: str = "chosen",
    household_ids: Collection[int] = (),
    template: ProcedureTemplate | None = None,
    note: str = "",
) -> Batch:
    """Begin a list of one kind and year for a village, filled from the verdicts (``eligible``), from open applications
    (``applications``), or with the households named (``chosen``).

    Raises ProcedureError for a kind that the year's era does not offer, when there is an open list already, outside the
    season window, or for households that may not stand on it; PermissionDenied.
    """
    _demand_drafting(by, village)
    demand_offered(kind, year, village)
    with act(by=by, verb="draft_batch"):
        windows.demand(windows.Function.DRAFTING, kind, village)
        template = template or template_for(kind, village)
        _check_template(template, kind, village)
        hold("batch", village)
        if Batch.objects.open().filter(place_id=village, kind=kind, year=year, continues=None).exists():
            raise StateError(f"本村 {year} 年已有办理中的“{kind_label(kind)}”名单，请在那份名单上办理。")
        batch = Batch.objects.create(
            kind=kind, template=template, place_id=village, year=year, note=note[:200], created_by=by
        )
        declared = procedure_of(kind)
        declared.begin(batch)
        if not declared.of_village:
            _list(by, batch, _sourced(batch, source, household_ids))
        carried.take_up(batch, by)
    return batch


def _demand_drafting(by: User | None, village: str) -> None:
    check_right(by, Right.BATCH_DRAFT, village)
    if not Place.objects.current().filter(code=village, level=Place.Level.VILLAGE).exists():
        raise ProcedureError("请选择一个现行的行政村。")


def _check_template(template: ProcedureTemplate, kind: str, village: str) -> None:
    if template.read_only:
        raise ProcedureError(f"“{template.name}”只作核对清单，不能据此拟定名单。")
    if not templates_for(kind, village).filter(pk=template.pk).exists():
        raise ProcedureError(f"“{template.name}”不适用于本村，或已停用。请选择其他模板。")


def _sourced(batch: Batch, source: str, household_ids: Collection[int]) -> list[int]:
    """Household ids of a new list. Raises ProcedureError when there are none."""
    if source == "chosen":
        return sorted(set(household_ids))
    if source not in SOURCES:
        raise ValueError(f"no source {source!r}")
    rows = eligible(batch.place_id, batch.year) if source == "eligible" else applied(batch)
    found = list(rows.exclude(entries__is_open=True).order_by("household_no").values_list("pk", flat=True))
    if not found:
        what = "评定为具备退出条件的户" if source == "eligible" else "待处理的申请"
        raise ProcedureError(f"本村 {batch.year} 年没有{what}，名单没有建立。")
    return found


def eligible(village: str, year: int) -> QuerySet[Household]:
    """Households of a village that the verdicts of the year let leave."""
    fit = Assessment.objects.filter(household_id=OuterRef("pk"), year=year, verdict="pass", eligible=True)
    rows = Household.objects.registered().filter(within("village_id", village), exit_status__in=REGISTERED_POOR)
    return rows.filter(Exists(fit))


def applied(batch: Batch) -> QuerySet[Household]:
    """Households of the village with an open application of the batch's kind and year."""
    open_ones = Application.objects.filter(household_id=OuterRef("pk"), kind=batch.kind, year=batch.year, state="open")
    return Household.objects.filter(Exists(open_ones), village_id=batch.place_id)


def _list(by: User | None, batch: Batch, household_ids: Collection[int]) -> None:
    """Put households on the list. Raises ProcedureError for those of another place, bound elsewhere, or unfit."""
    rows = Household.objects.filter(pk__in=household_ids).order_by("pk").select_for_update(of=("self",))
    found = {row.pk: row for row in rows}
    outside = [row.household_no for row in found.values() if row.village_id != batch.place_id]
    if outside or len(found) < len(set(household_ids)):
        raise ProcedureError(f"户 {listed(outside) or '（已不存在）'} 不在本村，不能列入。请从本村农户中选择。")
    bound = BatchEntry.objects.filter(household_id__in=found, is_open=True).select_related("batch__place", "household")
    taken = [(entry.household.household_no, name(entry.batch)) for entry in bound]
    if taken:
        raise ProcedureError(f"户 {listed(number for number, _ in taken)} 已在{taken[0][1]}中，不能重复列入。")
    BatchEntry.objects.bulk_create(
        [BatchEntry(batch=batch, household=row, added_by=by, **_described(batch, row)) for row in found.values()],
        update_conflicts=True,
        unique_fields=["batch", "household"],
        update_fields=["state", "is_open", "reason", "out_step", "out_by", "out_on", "added_by"],
    )
    Application.objects.filter(
        household_id__in=found, kind=batch.kind, year=batch.year, state=Application.State.OPEN
    ).update(state=Application.State.LISTED, batch=batch)
    carried.link(batch)
    guards.demand(batch, _on_list(batch), drafting=True)


def _described(batch: Batch, row: Household) -> dict[str, Any]:
    """What the register already knows of an inclusion."""
    return {name: getattr(row, name) for name in procedure_of(batch.kind).copied}


def _on_list(batch: Batch) -> QuerySet[BatchEntry]:
    return BatchEntry.objects.filter(batch=batch, state=LISTED)


def add_entries(*, by: User, batch: Batch, household_ids: Collection[int]) -> Batch:
    """Put more households on a list that has not left its first step. Raises ProcedureError, PermissionDenied."""
    with act(by=by, verb="add_entries"):
        row = locked(batch)
        _demand_drafting(by, row.place_id)
        demand_level(by, row, "village")
        if not takes_more(row):
            first = steps_of(row.template)[0]
            raise StateError(f"{name(row)}已过“{first.label}”，不能再列入。漏列的户请放到下一份名单。")
        _list(by, row, sorted(set(household_ids)))
    return row


def takes_more(batch: Batch) -> bool:
    """Whether households may still be put on a list: it has not left its first step."""
    if batch.state == Batch.State.DRAFT:
        return True
    return batch.state == Batch.State.RUNNING and batch.round == 1 and batch.step_id == steps_of(batch.template)[0].pk


def put_on(by: User, batch: Batch, household_ids: Collection[int]) -> None:
    """Put households on a locked list, for a verb that has asked everything else. Raises ProcedureError."""
    _list(by, batch, household_ids)


def describe_entry(
    *,
    by: User,
    entry: BatchEntry,
    monitor_type: str = "",
    risks: Collection[str] = (),
    clear_way: str = "",
    grounds: str = "",
) -> BatchEntry:
    """What an inclusion (type, risks) or a risk removal (way) will write, or why a household is struck off (grounds);
    before the appraisal froze it.

    Raises ProcedureError for an unknown code or a frozen entry, PermissionDenied.
    """
    with act(by=by, verb="describe_entry"):
        batch = locked(entry.batch)
        _demand_acting(by, batch)
        row = batch.entries.get(pk=entry.pk)
        if row.facts_at:
            raise StateError("这一户已经民主评议，不能再改。需要更正的，请由审核人退回。")
        wanted = (("monitor_type", [monitor_type]), ("risk", risks), ("clear_way", [clear_way]))
        for table, codes in wanted:
            if any(code and code not in labels(table) for code in codes):
                raise ProcedureError("没有这个选项，请从列表中选择。")
        row.monitor_type, row.risks, row.clear_way = monitor_type, list(risks), clear_way
        row.grounds = grounds.strip()[:300]
        row.save(update_fields=["monitor_type", "risks", "clear_way", "grounds"])
    return row


def except_entry(*, by: User, entry: BatchEntry, reason: str, file: File) -> BatchEntry:
    """Have a household stand on a list that takes in although the line alone would not take it: with a reason and its
    evidence, which every reviewer reads and the file keeps. Leaving and the removal of risk know no exception.

    Raises ProcedureError (ValidationError for the file), PermissionDenied.
    """
    with act(by=by, verb="except_entry", reason=reason):
        batch = locked(entry.batch)
        _demand_acting(by, batch)
        if not procedure_of(batch.kind).takes_in:
            raise ProcedureError("退出、清退和风险消除没有例外，条件不具备的不能办理。")
        row = _on_list(batch).filter(pk=entry.pk).first()
        if row is None:
            raise StateError("所选的户已不在名单中，请刷新页面后再办。")
        if not reason.strip():
            raise ProcedureError({"reason": "请写明例外的理由（例如：收入略高于标准，但重病自付支出大）。"})
        step = batch.step or steps_of(batch.template)[0]
        keep_paper(by, batch, step, PaperKind.EVIDENCE, file, row)
        row.exception, row.exception_by, row.exception_on = reason.strip()[:300], by, clock.today()
        row.save(update_fields=["exception", "exception_by", "exception_on"])
    return row


def _demand_acting(by: User, batch: Batch) -> None:
    """Whoever may work on the batch as it stands: its drafters, or the people of its step."""
    if batch.state == Batch.State.DRAFT:
        _demand_drafting(by, batch.place_id)
        demand_level(by, batch, "village")
    else:
        enter(by, batch)


def take_out(*, by: User, entry: BatchEntry, reason: str, stay_reason: str = "", note: str = "") -> BatchEntry:
    """Take one household off the list; the others go on. ``stay_reason`` notes why it stays in the register (exit).

    Raises ProcedureError without a reason or for an entry that is off already, PermissionDenied.
    """
    return _off(by, entry, BatchEntry.State.OUT, reason, stay_reason, note)


def send_back(*, by: User, entry: BatchEntry, reason: str) -> BatchEntry:
    """Send one household back to the village to be put right; it may stand on a later list. As :func:`take_out`."""
    return _off(by, entry, BatchEntry.State.BACK, reason, "", "")


def _off(by: User, entry: BatchEntry, state: str, reason: str, stay_reason: str, note: str) -> BatchEntry:
    verb = "take_out_entry" if state == BatchEntry.State.OUT else "send_back_entry"
    with act(by=by, verb=verb, reason=reason):
        batch = locked(entry.batch)
        _demand_acting(by, batch)
        if Objection.objects.open().filter(entry=entry).exists():
            raise ProcedureError("这一户有未办结的异议，请在异议中作出决定。")
        strike(batch, {entry.pk: reason}, state, by)
        if stay_reason:
            save_stay_reasons(by, batch.place_id, batch.year, {entry.household_id: (stay_reason, note)})
    entry.refresh_from_db()
    return entry


def strike(batch: Batch, reasons: Mapping[int, str], state: str, by: User | None) -> int:
    """Take entries of a locked batch off its list, each with its reason. Raises ProcedureError."""
    if not all(reason.strip() for reason in reasons.values()):
        raise ProcedureError("请逐户写明取消或退回的原因。")
    rows = list(_on_list(batch).filter(pk__in=reasons))
    if len(rows) < len(reasons):
        raise StateError("所选的户已不在名单中，请刷新页面后再办。")
    for row in rows:
        row.state, row.is_open, row.reason = state, False, reasons[row.pk].strip()[:200]
        row.out_step, row.out_by, row.out_on = batch.step, by, clock.today()
    BatchEntry.objects.bulk_update(rows, ["state", "is_open", "reason", "out_step", "out_by", "out_on"], batch_size=500)
    _close_applications(batch, rows, state)
    return len(rows)


def _close_applications(batch: Batch, rows: Collection[BatchEntry], state: str) -> None:
    """Who was taken off for good is told why (不予纳入告知); who was sent back waits for another list."""
    by_household = {row.household_id: row for row in rows}
    found = list(Application.objects.filter(batch=batch, state="listed", household__in=by_household))
    for each in found:
        if state == BatchEntry.State.BACK:
            each.state, each.batch = Application.State.OPEN, None
        else:
            each.state, each.decided_on = Application.State.REFUSED, clock.today()
            each.state_reason = by_household[each.household_id].reason
    Application.objects.bulk_update(found, ["state", "batch", "decided_on", "state_reason"], batch_size=500)


def start_batch(*, by: User, batch: Batch, on: date | None = None) -> Batch:
    """Begin the first step of the latest version of the list's template, which is pinned from here on; ``on`` is the
    real day, where the paper came first.

    Raises ProcedureError for an empty list, households that may not stand on it or a day to come; PermissionDenied.
    """
    with act(by=by, verb="start_batch"):
        row = locked(batch)
        _demand_drafting(by, row.place_id)
        demand_level(by, row, "village")
        if row.state != Batch.State.DRAFT:
            raise StateError(f"{name(row)}{row.get_state_display()}，不能再次启动。")
        windows.demand(windows.Function.DRAFTING, row.kind, row.place_id)
        if not procedure_of(row.kind).of_village and not _on_list(row).exists():
            raise ProcedureError("名单中还没有农户，请先列入农户再启动。")
        guards.demand(row, _on_list(row), beginning=True)
        row.template = templates_for(row.kind, row.place_id).filter(code=row.template.code).first() or row.template
        row.state, row.started_on = Batch.State.RUNNING, past_day(on, "启动日期")
        move(row, steps_of(row.template)[0], row.started_on)
    return row


def stop_batch(*, by: User, batch: Batch, reason: str) -> Batch:
    """End a list without effect; its households are free for another, its open objections wait for the next one of the
    kind. Raises ProcedureError, PermissionDenied."""
    with act(by=by, verb="stop_batch", reason=reason):
        row = locked(batch)
        if row.state not in Batch.OPEN:
            raise StateError(f"{name(row)}{row.get_state_display()}，不能终止。")
        if row.state == Batch.State.DRAFT:
            _demand_drafting(by, row.place_id)
        else:
            acting_levels(by, row)
        if not reason.strip():
            raise ProcedureError("请写明终止的原因。")
        row.state, row.step, row.step_since, row.due_on = Batch.State.STOPPED, None, None, None
        row.ended_on, row.ended_reason = clock.today(), reason.strip()[:200]
        row.save()
        row.notices.filter(state="open").update(state="superseded", correction_reason="名单已终止")
        carried.release(row, by)
        row.entries.filter(is_open=True).update(is_open=False)
        Application.objects.filter(batch=row, state="listed").update(state="open", batch=None)
    return row


def record_stay_reasons(*, by: User | None, village: str, year: int, reasons: Mapping[int, tuple[str, str]]) -> int:
    """Note why households stay in the register this year (household id to code and note, policy.md 2.14).

    Raises ProcedureError for an unknown code or a household of another village, PermissionDenied.
    """
    _demand_drafting(by, village)
    with act(by=by, verb="record_staying"):
        return save_stay_reasons(by, village, year, reasons)


def save_stay_reasons(by: User | None, village: str, year: int, reasons: Mapping[int, tuple[str, str]]) -> int:
    known = labels("not_exit_reason")
    if any(code not in known for code, _ in reasons.values()):
        raise ProcedureError("请为每户选择一个不脱贫原因。")
    inside = set(Household.objects.filter(pk__in=reasons, village_id=village).values_list("pk", flat=True))
    if inside != set(reasons):
        raise ProcedureError("所选农户不都在本村，请刷新页面后再办。")
    StayReason.objects.bulk_create(
        [
            StayReason(
                household_id=pk, village_id=village, year=year, reason=code, note=note[:200], by=by, at=timezone.now()
            )
            for pk, (code, note) in reasons.items()
        ],
        update_conflicts=True,
        unique_fields=["household", "year"],
        update_fields=["reason", "note", "by", "at"],
    )
    return len(reasons)


def refuse_village_move(source: str, target: str, household_ids: Collection[int] | None, by: User | None) -> int:
    """A village with open lists is neither merged nor split: its lists are ended first. Moves nothing itself."""
    waiting = Batch.objects.open().filter(within("place_id", source)).select_related("place").first()
    if waiting is not None:
        raise ProcedureError(f"{name(waiting)}还没有办结，请先办结或终止，再合并或拆分村。")
    return 0
