"""What approvals write beside standing (households.standing.services), for all households of a list at once."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from households.models import AnnualRecord, Assessment, Batch, BatchEntry, Household
from households.models.annual import APART_FIELDS, EXPENSE_FIELDS, INCOME_FIELDS, TRANSFER_FIELDS

NEW, STRUCK_OFF = "01", "07"  # household_change
GUARANTEES = ("education", "housing", "medical", "water")
"""What a removed risk must not leave damaged: 失学辍学、住房、医保、饮水."""


def households_on(batch: Batch) -> QuerySet[Household]:
    """The households that are still on a list."""
    entries = BatchEntry.objects.filter(batch=batch, state=BatchEntry.State.LISTED)
    return Household.objects.filter(pk__in=entries.values("household_id"))


def touched() -> dict[str, Any]:
    """What every change of a versioned row sets beside its facts."""
    return {"version": F("version") + 1, "updated_at": timezone.now()}


def snapshots(batch: Batch) -> dict[int, dict[str, Any]]:
    """What is true of every household of a list when its risk is removed, by household id: the thirteen fields
    风险消除后… of the national file, as far as they are recorded (dictionary.md 1.3). Amounts are yuan as text."""
    homes = households_on(batch)
    records = {each.household_id: each for each in AnnualRecord.objects.filter(household__in=homes, year=batch.year)}
    judged = Assessment.objects.filter(household__in=homes, year=batch.year)
    return {each.household_id: _snapshot(each, records.get(each.household_id)) for each in judged}


def _snapshot(judged: Assessment, record: AnnualRecord | None) -> dict[str, Any]:
    results = dict.fromkeys(judged.failed, "fail") | dict.fromkeys(judged.missing, "missing")
    found = {code: results.get(code, "pass") for code in GUARANTEES if code in judged.criteria_set.criteria}
    amounts: dict[str, Any] = {"net_income": judged.net_income, "per_head": judged.per_head}
    if record:
        amounts |= {name: getattr(record, name) for name in (*INCOME_FIELDS, *EXPENSE_FIELDS, *APART_FIELDS)}
        transfers = [getattr(record, name) for name in TRANSFER_FIELDS]
        amounts["transfer_income"] = (
            sum(filter(None, transfers)) if any(each is not None for each in transfers) else None
        )
    return {**found, **{name: str(amount) for name, amount in amounts.items() if amount is not None}}
