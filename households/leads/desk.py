"""The desk of monitoring: how many leads stand at which station, where they came from, which townships have most."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from households.eligibility.clearing import selectors as clearing
from households.leads import selectors
from households.leads.selectors import Station
from households.models import Batch, BatchEntry, Lead
from households.models.lead import LeadQuerySet
from households.models.template import Kind
from povreg.kit.scopes import COUNTY, TOWNSHIP, VILLAGE
from povreg.kit.views import require
from villages.models import Place, PovertyLine, User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right
from villages.standards.selectors import line_for

MOST_PLACES = 10


@require_GET
@require(Right.LEAD_VIEW)
def monitoring(request: SignedInRequest) -> HttpResponse:
    """概况 of the domain 监测."""
    user = request.user
    rows = Lead.objects.visible_to(user)
    context = {
        "stations": stations(user, rows),
        "sources": sources(rows),
        "places": places(user, rows),
        "today": timezone.localdate(),
        "line": line_of(user),
        "may_raise": user.can(Right.LEAD_RAISE),
    }
    return render(request, "households/leads/desk.html", context)


def stations(user: User, rows: QuerySet[Lead]) -> list[Station]:
    """The whole way: leads, the lists they lead to, the risks that are not removed yet."""
    numbers = selectors.counts(rows)
    checks, decides = user.can(Right.LEAD_CHECK), user.can(Right.LEAD_DECIDE)
    mine = {"new": checks and not decides, "checking": checks and not decides, "ready": decides}
    said = {"new": "还没有人去看", "checking": "还没有登记核实情况", "ready": "已核实，等待办结"}
    found = [
        Station(selectors.STATIONS[code][0], numbers[code], leads_url(state=code), text, bool(mine[code]))
        for code, text in said.items()
    ]
    return [*found, *after(user)]


def after(user: User) -> list[Station]:
    """What comes after a lead: households on a running list, those whose risk is not removed."""
    entries = BatchEntry.objects.visible_to(user).filter(batch__kind=Kind.MONITOR_IN, batch__state__in=Batch.OPEN)
    listed = entries.filter(is_open=True).count()
    lists_url = f"{reverse('procedures')}?{urlencode({'kind': Kind.MONITOR_IN})}"
    watched = clearing.monitored(user).exclude(risk_cleared=True)
    counted = watched.aggregate(open=Count("pk"), ready=Count("pk", Q(clearing.may_be_cleared())))
    url = reverse("monitored")
    return [
        Station("名单办理中", listed, lists_url, "户，评议、公示、审定"),
        Station("风险未消除", counted["open"], url, "户，落实帮扶措施"),
        Station("可以消除", counted["ready"], f"{url}?{urlencode({'state': 'eligible'})}", "户，条件已具备"),
    ]


def leads_url(**filters: Any) -> str:
    return f"{reverse('leads')}?{urlencode(filters)}"


def sources(rows: QuerySet[Lead]) -> dict[str, Any]:
    """Leads of the last seven days by source, with the longest bar."""
    found = selectors.by_source(rows)
    after = timezone.localdate() - selectors.WEEK
    listed = [
        {"label": label, "count": number, "url": leads_url(source=code, state="all", found_after=after.isoformat())}
        for code, label, number in found
    ]
    return {
        "rows": listed,
        "most": max((number for _code, _label, number in found), default=0),
        "total": sum(n for *_, n in found),
    }


def places(user: User, rows: LeadQuerySet) -> list[dict[str, Any]]:
    """The places below the person's own with the most open leads; nothing for somebody of one village."""
    codes = [code for _role, code in user.postings_today()]
    if not codes or max(map(len, codes)) >= VILLAGE:
        return []
    digits = VILLAGE if min(map(len, codes)) >= TOWNSHIP else TOWNSHIP if min(map(len, codes)) >= COUNTY else COUNTY
    counted = rows.open().annotate(at=Left("village_id", digits)).order_by().values("at")
    asked = {
        code: Count("pk", filter=condition) for code, (_l, condition) in selectors.STATIONS.items() if code != "decided"
    }
    found = list(counted.annotate(open=Count("pk"), **asked).order_by("-open", "at"))
    names = Place.objects.in_bulk([each["at"] for each in found[:MOST_PLACES]])
    return [
        {**each, "name": str(names[each["at"]]), "url": leads_url(place=each["at"])}
        for each in found[:MOST_PLACES]
        if each["at"] in names
    ]


def line_of(user: User) -> dict[str, Any]:
    """The monitor line of this year where the person is posted."""
    year = timezone.localdate().year
    code = next((code for _role, code in user.postings_today()), "")
    line = line_for(PovertyLine.Kind.MONITOR, year, code)
    return {"year": year, "amount": line.amount if line else None}
