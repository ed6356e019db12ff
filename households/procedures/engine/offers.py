"""What may be carried out in a year: by its era, and by what a county switched on (villages.periods)."""

from collections.abc import Iterable

from households.models import Quota
from households.models.template import Kind, kind_label
from households.procedures.engine import data_kinds
from households.procedures.engine.errors import ProcedureError
from villages.models import User
from villages.periods.hooks import declared_procedures
from villages.periods.selectors import Era, era_of, offered_anywhere

QUOTAS = "quotas"
"""What eras and programmes call the division of quotas among their procedures."""


def demand_offered(code: str, year: int, place: str) -> None:
    """Raise ProcedureError, beside the year, for what is not carried out in that year at a place."""
    era = era_of(year, place)
    if not era.offers(code) and code not in data_kinds.offered(year):
        raise ProcedureError({"year": not_offered(code, era)})


def not_offered(code: str, era: Era) -> str:
    """Why something is not carried out in a year, and what may be done about it."""
    label = declared_procedures().get(code) or kind_label(code)
    return (
        f"{era.year} 年（{era.label}）不办理“{label}”。省里另有规定的，请{era.office}先在“年度与机构”中启用省定项目；"
        "补办以前年度的，请换年度。"
    )


def quotas_divided(user: User, year: int) -> bool:
    """Whether quotas are divided in a year somewhere in the person's counties: its era does so, or somebody did for a
    kind of his own (from the page of kinds)."""
    if Quota.objects.filter(year=year, kind__in=data_kinds.offered(year)).exists():
        return True
    return QUOTAS in offered_anywhere(year, [code for _role, code in user.postings_today()])


def on_offer(kinds: Iterable[tuple[str, str]], year: int, user: User, *also: str) -> list[tuple[str, str]]:
    """Those of some kinds that are carried out in a year in the person's counties, and ``also`` those named."""
    offered = {*offered_anywhere(year, [code for _role, code in user.postings_today()]), *data_kinds.offered(year)}
    return [(code, label) for code, label in kinds if code in offered or code in also]


def first_on_offer(kinds: Iterable[tuple[str, str]], year: int, user: User) -> str:
    """The kind that a page opens on."""
    found = list(kinds)
    return next((code for code, _label in on_offer(found, year, user)), found[0][0] if found else str(Kind.EXIT))
