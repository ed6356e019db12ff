"""What auditors find in the invented county: a village that helped its figures along, and a sample half seen."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from django.db.models import Count, F
from django.utils import timezone

from audits.detection.facts import ITEMS
from audits.detection.services import detect
from audits.models import SampleCase
from audits.samples.plans import Wanted
from audits.samples.services import draw_sample
from households.models import AnnualRecord, Household
from povreg.demo.county import showcase
from povreg.demo.facts import LINES, YEARS
from povreg.kit.scopes import within
from villages.models import Place, User

YEAR = YEARS[-1]
COPIED, LIFTED = 4, 3
LEAST = 10
"""Households that the village must have."""
SAMPLE = "四季度入户"
SEEN_OF_TEN = 7
ANSWERS = {
    "outside": {"not_included": False, "approval": True},
    "cleared": {"wrong_clear": False, "approval": True},
    "monitored": {"no_measure": False, "approval": True},
}
DEVIATING = (("outside", "not_included", True), ("monitored", "no_measure", True), ("outside", "approval", False))


def plant_village(rng: Random, county: str) -> str:
    """In the largest village but the cadre's own, a few households bear a neighbour's amounts and a few stand just over
    the line. Answers its code; "" where no village is large enough. Before verdicts are given."""
    rows = Household.objects.filter(within("village_id", county), in_register=True).exclude(village_id=showcase(county))
    largest = rows.values("village_id").annotate(size=Count("pk")).order_by("-size", "village_id").first()
    if not largest or largest["size"] < LEAST:
        return ""
    records = AnnualRecord.objects.filter(village_id=largest["village_id"], year=YEAR).annotate(
        people=Count("household__members")
    )
    kept = list(records.order_by("pk"))
    chosen = rng.sample(kept, min(COPIED + LIFTED, len(kept)))
    model, changed = chosen[0], chosen[1:]
    for row in changed[: COPIED - 1]:
        for name in ITEMS:
            setattr(row, name, getattr(model, name))
    for row in changed[COPIED - 1 :]:
        wanted = Decimal(LINES[YEAR] * row.people) * Decimal(rng.randrange(1004, 1046)) / 1000
        expense, transfers = row.business_expense or 0, [getattr(row, name) or 0 for name in ITEMS[3:-1]]
        row.property_income = row.business_income = Decimal(0)
        row.wage_income = max(Decimal(0), wanted + expense - sum(transfers))
    AnnualRecord.objects.bulk_update(changed, ITEMS)
    return str(largest["village_id"])


def show_audits(county: str) -> None:
    """A look over the county's year, and a sample of which most households were seen."""
    place, auditor = Place.objects.get(pk=county), User.objects.filter(username="shenji").first()
    detect(by=None, county=place, year=YEAR)
    if auditor is None:
        return
    wanted = Wanted(
        place=place, year=YEAR, design="townships", measures=["not_included", "wrong_clear", "no_measure", "approval"],
        margin=Decimal("0.05"),
    )  # fmt: skip
    sample = draw_sample(by=None, wanted=wanted, name=SAMPLE)
    sample.drawn_by = auditor
    sample.save(update_fields=["drawn_by"])
    rows = SampleCase.objects.filter(sample=sample, state=SampleCase.State.OPEN)
    seen = rows.alias(tenth=F("pk") % 10).filter(tenth__lt=SEEN_OF_TEN)
    done = {"state": SampleCase.State.DONE, "seen_on": timezone.localdate(), "seen_by": auditor}
    for population, answers in ANSWERS.items():
        seen.filter(population=population).update(answers=answers, **done)
    for population, code, answer in DEVIATING:
        found = SampleCase.objects.filter(sample=sample, population=population, state=SampleCase.State.DONE)
        for case in found.order_by("pk")[3:5]:
            case.answers |= {code: answer}
            case.note = "看到的情况与登记不符，已告知村里核对"
            case.save(update_fields=["answers", "note"])
