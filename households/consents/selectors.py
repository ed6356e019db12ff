"""Reading what a household's data are used for, and on which ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from households.consents.purposes import QUERY, Purpose, purposes
from households.models import Application, Consent, Household
from povreg.kit.pages.columns import day_text

LAWFUL, AGREED, WITHDRAWN, NONE = "law", "agreed", "withdrawn", "none"
WORDS = {LAWFUL: "依法处理，不需同意", AGREED: "已同意", WITHDRAWN: "已撤回", NONE: "没有同意，不得使用"}


@dataclass(frozen=True)
class Ground:
    """A purpose and where it stands: ``said`` when and by which paper; ``consent`` where one may be taken back."""

    purpose: Purpose
    state: str
    said: str = ""
    consent: Consent | None = None

    @property
    def words(self) -> str:
        return WORDS[self.state]


def grounds_of(household: Household) -> list[Ground]:
    """Every purpose of the house, with the household's ground for it."""
    latest: dict[str, Consent] = {}
    for row in Consent.objects.filter(household=household).order_by("given_on", "pk"):
        latest[row.purpose] = row
    authorised = _authorised(household)
    return [_ground(purpose, latest.get(purpose.code), authorised) for purpose in purposes().values()]


def _authorised(household: Household) -> date | None:
    """The day of the latest application with the household's authorisation (承诺授权)."""
    rows = Application.objects.filter(household=household, authorised_on__isnull=False)
    return rows.order_by("-authorised_on").values_list("authorised_on", flat=True).first()


def _ground(purpose: Purpose, row: Consent | None, authorised: date | None) -> Ground:
    if not purpose.consent:
        return Ground(purpose, LAWFUL)
    if purpose.code == QUERY and authorised and (row is None or (row.withdrawn_on and row.withdrawn_on < authorised)):
        return Ground(purpose, AGREED, f"{day_text(authorised)}，随申请签署《{purpose.paper}》")
    if row is None:
        return Ground(purpose, NONE)
    if row.withdrawn_on:
        return Ground(purpose, WITHDRAWN, f"{day_text(row.withdrawn_on)}：{row.withdrawn_reason}")
    return Ground(purpose, AGREED, f"{day_text(row.given_on)}，{row.paper}，{row.signers} 人签字", row)
