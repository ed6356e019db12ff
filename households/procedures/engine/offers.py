"""What may be carried out in a year: by its era, and by what a county switched on (villages.periods)."""

from collections.abc import Iterable

from django.core.cache import caches
from django.db.models.functions import Left

from households.models import Quota
from households.models.template import Kind, kind_label
from households.procedures.engine import data_kinds
from households.procedures.engine.errors import ProcedureError
from povreg.kit.scopes import COUNTY
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
    places = [code for _role, code in user.postings_today()]
    asked = {(kind, year, code[:COUNTY]) for kind in data_kinds.offered(year) for code in places}
    return bool(asked & _divided()) or QUOTAS in offered_anywhere(year, places)


def _divided() -> frozenset[tuple[str, int, str]]:
    """Kind, year and county of the quotas of kinds that are rows; every page with the menu of lists asks."""
    cache = caches[data_kinds.CACHE]
    found: frozenset[tuple[str, int, str]] | None = cache.get("quotas-divided")
    if found is None:
        rows = Quota.objects.filter(kind__in=[row.code for row in data_kinds.rows() if row.gives_id]).order_by()
        found = frozenset(
            rows.annotate(county=Left("place_id", COUNTY)).values_list("kind", "year", "county").distinct()
        )
        cache.set("quotas-divided", found, data_kinds.KEEP)
    return found


def on_offer(kinds: Iterable[tuple[str, str]], year: int, user: User, *also: str) -> list[tuple[str, str]]:
    """Those of some kinds that are carried out in a year in the person's counties, and ``also`` those named."""
    offered = {*offered_anywhere(year, [code for _role, code in user.postings_today()]), *data_kinds.offered(year)}
    return [(code, label) for code, label in kinds if code in offered or code in also]


def first_on_offer(kinds: Iterable[tuple[str, str]], year: int, user: User) -> str:
    """The kind that a page opens on."""
    found = list(kinds)
    return next((code for code, _label in on_offer(found, year, user)), found[0][0] if found else str(Kind.EXIT))
