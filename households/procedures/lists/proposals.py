"""A difference between a roster and the register is put on a list: the list decides, as for every household."""

from households.models import Batch, StandingProposal
from households.models.template import Kind
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.procedure import procedure_of
from households.procedures.lists.batches import add_entries, describe_entry, draft_batch
from households.register.years import working_year
from households.standing.proposals import State, locked_open, said, settle
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right

RETURNED = "3"
KINDS = {"out": Kind.EXIT, "clear": Kind.MONITOR_OUT}


def kind_for(proposal: StandingProposal) -> Kind | None:
    """The kind of list that would do what the roster said; None where the register or the roster is wrong."""
    if proposal.kind != StandingProposal.Kind.IN:
        return KINDS.get(proposal.kind)
    given = said(proposal)
    if given.get("monitor_type"):
        return Kind.MONITOR_IN
    return Kind.RETURN if given.get("exit_status") == RETURNED else Kind.IDENTIFICATION


def take_proposal(*, by: User, proposal: StandingProposal, year: int | None = None) -> Batch:
    """Put the household on the village's list of the fitting kind and year, which is drafted where there is none; what
    the roster said of the kind of monitoring goes with it. The proposal points to the list.

    Raises ValidationError (ProcedureError) where no list fits, the list has gone on, or the household may not stand on
    it; PermissionDenied.
    """
    check_right(by, Right.BATCH_DRAFT, proposal.village_id)
    with act(by=by, verb="take_proposal"):
        row = locked_open(proposal)
        kind = kind_for(row)
        if kind is None:
            raise ProcedureError("这条差异不能列入名单。在册身份有误的，由县主管部门提出更正；名册有误的，请不采纳。")
        batch = _listed(by, row, kind, year or working_year(row.village_id))
        if "monitor_type" in procedure_of(kind).describes and (wanted := said(row).get("monitor_type")):
            entry = batch.entries.get(household_id=row.household_id)
            describe_entry(by=by, entry=entry, monitor_type=wanted, risks=entry.risks)
        settle([row], by=by, state=State.TAKEN, batch=batch)
    return batch


def _listed(by: User, row: StandingProposal, kind: Kind, year: int) -> Batch:
    """The open list of the village with the household on it."""
    ids = [row.household_id]
    batch = Batch.objects.open().filter(place_id=row.village_id, kind=kind, year=year).first()
    if batch is None:
        return draft_batch(by=by, kind=kind, village=row.village_id, year=year, household_ids=ids)
    return add_entries(by=by, batch=batch, household_ids=ids)
