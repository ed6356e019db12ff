"""What narrows the list of households: parameters of an address, items of a body, and the codes that jobs, saved
filters and addresses of pages keep (households.find.filters)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from households.api.serializers import FIGURE, Year, figure_list
from households.eligibility import measures
from households.eligibility.criteria import BY_CODE
from households.figures.dimensions import DIMENSIONS
from households.find.filters import TICKS, checked
from households.find.listing import (
    NOT_ASSESSED,
    ORDERS,
    ListFilters,
    households_list,
)
from households.models.assessment import Verdict
from households.office.departments.filters import CLASSES
from households.register.fields import SECTIONS
from households.register.filters import SurveyYear
from households.register.years import default_year
from households.standing.selectors import ANY, RISK_STATES
from povreg.kit.api import filters
from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Answer, Matching, Number, StrictSerializer, Text
from villages.api.serializers import PlaceCode

CRITERION_CHOICES = [(criterion.code, criterion.label) for criterion in BY_CODE.values()]
VERDICTS = [*Verdict.choices, (NOT_ASSESSED, "未评定")]
MONITORED = [(ANY, "各类"), ("1", "脱贫不稳定户"), ("2", "边缘易致贫户"), ("3", "突发严重困难户")]
CIVIL = [(ANY, "各类"), *CLASSES]
RENAMED = {"household_attr": "attr", "household_type": "type", "main_cause": "cause", "figures": "figure"}
"""What the API calls by its field, and the list by a short name."""
GIVEN = {short: name for name, short in RENAMED.items()}


def figure_filter(**kwargs: Any) -> filters.Words:
    """Figures of reports and of the dashboard; all of them must hold."""
    said = "统计项（如 health.major，见 reports/）；可给多次，须同时符合"
    return filters.Words(pattern=FIGURE, known=is_figure, help_text=said, **kwargs)


def is_figure(text: str) -> bool:
    """Whether a text names a figure that is declared."""
    code, _, bucket = text.partition(".")
    if code in DIMENSIONS:
        return bucket in DIMENSIONS[code].names()
    return code in measures.BY_CODE and (not code.endswith("_band") or measures.BAND_CODE.fullmatch(bucket) is not None)


def known_figures(given: Iterable[str]) -> list[str]:
    """Figures of a body. Raises Refused (422) for one that is none."""
    for text in given:
        if not is_figure(text):
            raise refused("figures", f"没有“{text}”这个统计项，请核对。")
    return list(given)


class HouseholdFilter(django_filters.FilterSet):
    """The filters of the list page, less the name and the identity number: those are asked for by POST."""

    place = filters.Place()
    year = SurveyYear(help_text="评定年度；不给时为范围内最近有记录的年度")
    household_no = filters.Word(most=24, pattern=r"^[0-9A-Za-z]+$", help_text="户编号的开头")
    household_attr = filters.Code(help_text="贫困户属性代码")
    household_type = filters.Code(help_text="户类型代码")
    exit_status = filters.Code(help_text="脱贫属性代码")
    main_cause = filters.Code(help_text="主要致贫原因代码")
    monitor = filters.Choice(choices=MONITORED, help_text="监测对象类型代码；any 为各类")
    risk = filters.Choice(choices=RISK_STATES, help_text="监测风险是否消除")
    civil = filters.Choice(choices=CIVIL, help_text="民政对象类别；any 为各类")
    verdict = filters.Choice(choices=VERDICTS)
    failed = filters.Choice(choices=CRITERION_CHOICES, help_text="未达标的指标")
    missing = filters.Choice(choices=CRITERION_CHOICES, help_text="未记录的指标")
    borderline = filters.YesNo(help_text="true 只列踩线户")
    eligible = filters.YesNo(help_text="true 只列具备退出条件的户")
    gap = filters.Choice(choices=list(SECTIONS.items()), help_text="没填完的部分")
    poor = filters.YesNo(help_text="是否贫困村的户")
    removed = filters.YesNo(help_text="true 列已销号的户")
    candidate = filters.YesNo(help_text="true 列没有身份的户（普通农户）")
    everybody = filters.YesNo(help_text="true 连同普通农户一起列")
    figure = figure_filter()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        year = given.pop("year", None) or default_year(self.request.user)
        given["figures"] = given.pop("figure", ())
        return households_list(self.request.user, list_filters(given), year)


def code(said: str) -> Matching:
    return Matching(r"^[0-9A-Za-z]{1,4}$", "应为代码，请对照接口说明。", required=False, help_text=said)


def one_of(choices: Iterable[tuple[str, str]], said: str = "") -> serializers.ChoiceField:
    return serializers.ChoiceField(list(choices), required=False, help_text=said)


def yes_no(said: str) -> Answer:
    return Answer(required=False, help_text=said)


class Narrowing(StrictSerializer):
    """The filters of the list of households, in a body."""

    place = PlaceCode(required=False)
    household_no = Matching(r"^[0-9A-Za-z]{1,24}$", "应为户编号的开头。", required=False, help_text="户编号的开头")
    household_attr = code("贫困户属性代码")
    household_type = code("户类型代码")
    exit_status = code("脱贫属性代码")
    main_cause = code("主要致贫原因代码")
    monitor = one_of(MONITORED, "监测对象类型代码；any 为各类")
    risk = one_of(RISK_STATES, "监测风险是否消除")
    civil = one_of(CIVIL, "民政对象类别；any 为各类")
    verdict = one_of(VERDICTS)
    failed = one_of(CRITERION_CHOICES, "未达标的指标")
    missing = one_of(CRITERION_CHOICES, "未记录的指标")
    gap = one_of(SECTIONS.items(), "没填完的部分")
    poor = yes_no("是否贫困村的户")
    borderline = yes_no("true：只要踩线户")
    eligible = yes_no("true：只要具备退出条件的户")
    removed = yes_no("true：要已销号的户")
    candidate = yes_no("true：要没有身份的户（普通农户）")
    everybody = yes_no("true：连同普通农户")
    figures = figure_list()
    order = one_of(ORDERS.items())


class Found(Narrowing):
    """What to look for. Names and numbers stand in the body, never in an address that is logged."""

    text = Text(max_length=60, required=False, help_text="同网页的搜索框：姓名、拼音、完整的证件号或电话、户编号的开头")
    name = Text(max_length=40, required=False, help_text="成员姓名的一部分")
    id_no = Number(required=False, help_text="完整的证件号码")
    year = Year(required=False, help_text="评定年度；不给时为范围内最近有记录的年度")


def list_filters(given: Mapping[str, Any], **typed: Any) -> ListFilters:
    """Filters as the list's selector takes them; ``typed`` is what stands in the search box."""
    values = _by_code(given)
    values |= {name: bool(values.get(name)) for name in TICKS}
    values["figures"] = tuple(values.pop("figure", ()))
    return ListFilters(**values, **typed)


def codes_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Filters of a body as jobs and saved filters keep them. Raises Refused (422) for a figure that is none."""
    values = {name: "1" if value is True else value for name, value in _by_code(given).items()}
    return checked(values | {"figure": known_figures(values.get("figure", ()))})


def given_of(codes: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of :func:`codes_of`: kept codes by the names of a body."""
    values = {GIVEN.get(name, name): value for name, value in codes.items()}
    values |= {name: values[name] == "1" for name in TICKS if name in values}
    return values | ({"poor": values["poor"] == "yes"} if "poor" in values else {})


def _by_code(given: Mapping[str, Any]) -> dict[str, Any]:
    values = {RENAMED.get(name, name): value for name, value in given.items()}
    return values | ({"poor": "yes" if values["poor"] else "no"} if "poor" in values else {})
