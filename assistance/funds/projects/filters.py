"""What projects can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from assistance.funds import catalogue
from assistance.funds.projects import selectors
from assistance.models import Project
from povreg.kit.pages import filters
from villages.places.filters import InPlace

TABS = (
    ("all", "全部"),
    *((code, label) for code, (label, _condition) in selectors.STATIONS.items()),
    ("kept", "没有退回和终止"),
    ("unposted", "应公告未公告"),
    ("slow", "拨付慢"),
)


def categories() -> list[tuple[str, str]]:
    return [(each.code, each.label) for each in catalogue.categories().values()]


class ProjectFilters(django_filters.FilterSet):
    q = filters.Typed("name", "supervisor", label="名称或责任单位")
    place = InPlace(field_name="place_id", label="实施地点")
    year = filters.Year(label="年度")
    category = filters.Choice(choices=categories(), label="类别")
    station = filters.Choice(choices=TABS, label="进度", method="at_station")
    state = filters.Choice(choices=Project.State.choices, label="状态")

    def at_station(self, rows: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        if value in selectors.STATIONS:
            return rows.filter(selectors.STATIONS[value][1])
        asked = {"unposted": selectors.unposted, "slow": selectors.slow}
        return rows.filter(selectors.KEPT if value == "kept" else asked.get(value, Q)())
