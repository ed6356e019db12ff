"""Shape of what is typed about projects; every rule is the verbs'."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from assistance.funds import catalogue
from assistance.funds.projects.services import FACTS
from assistance.funds.projects.way import Step
from assistance.models import Project, ProjectNotice
from households.models import Household
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from povreg.kit.views import ScopedForm
from villages.codes.controls import Number, Whole
from villages.models import Place
from villages.places.fields import PlaceField

AREA = {"rows": 3}


class ProjectForm(VersionedForm):
    place = PlaceField(
        label="实施地点", levels=[Place.Level.VILLAGE, Place.Level.TOWNSHIP, Place.Level.COUNTY],
        help_text="一个村的选村；跨村的选乡镇，跨乡镇的选县。",
    )  # fmt: skip
    name = forms.CharField(label="项目名称", max_length=80)
    year = Whole(label="计划年度", min_value=2014, max_value=2100)
    category = forms.ChoiceField(
        label="类别",
        choices=lambda: [(each.code, f"{each.label}（按{each.unit}）") for each in catalogue.categories().values()],
    )
    content = forms.CharField(label="建设内容", max_length=1000, widget=forms.Textarea(attrs=AREA))
    site = forms.CharField(label="建设地点", max_length=80, required=False)
    quantity = Number(
        label="规模",
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text="按类别的单位填，如道路填公里数。用来比较单位造价。",
    )
    budget = Number(label="投资估算（元）", max_digits=14, decimal_places=2)
    supervisor = forms.CharField(label="责任单位", max_length=80)
    households_meant = Whole(label="受益户数", min_value=0, max_value=100_000)
    people_meant = Whole(label="受益人数", min_value=0, max_value=500_000)
    link_form = forms.CharField(
        label="联农带农方式",
        max_length=200,
        required=False,
        help_text="产业项目填写：务工、分红、订单收购、土地流转等。",
    )
    starts_on = Day(label="计划开工", required=False)
    ends_on = Day(label="计划完工", required=False)
    allowed_because = forms.CharField(
        label="不属于禁止用途的说明", max_length=200, required=False, help_text="系统提示时填写；平时留空。"
    )

    def __init__(self, *args: Any, project: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if project is None:
            codes = [code for _role, code in self.user.postings_today()]
            self.initial = {"year": timezone.localdate().year, "place": codes[0] if codes else None, **self.initial}
            return
        del self.fields["place"]
        self.initial = {**{name: getattr(project, name) for name in (*FACTS, "version")}, **self.initial}


class StepForm(forms.Form):
    """What a step asks beside its day."""

    on = Day(label="日期")
    document = forms.CharField(label="文件号", max_length=80, required=False)
    contractor = forms.CharField(label="承建单位", max_length=80, required=False)
    note = forms.CharField(label="意见", max_length=300, required=False, widget=forms.Textarea(attrs=AREA))
    forbidden = forms.ChoiceField(
        label="属于哪项禁止用途", required=False,
        choices=lambda: [("", "不属于"), *((each.code, each.label) for each in catalogue.forbidden_uses().values())],
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"on", *step.asks}:
            del self.fields[name]
        for name in set(self.fields) - {"forbidden"}:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = f"请填写{self.fields[name].label}。"
        self.fields["on"].initial = timezone.localdate()


class PostForm(forms.Form):
    board = forms.CharField(label="张贴地点", max_length=80, initial="村务公开栏")
    posted_on = Day(label="张贴日期")
    days = Whole(label="公示天数", min_value=1, max_value=90)

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posted_on"].initial = timezone.localdate()
        self.fields["days"].initial = catalogue.notice_days(stage)


class CloseForm(forms.Form):
    on = Day(label="结束日期")
    objections = forms.CharField(
        label="收到的异议和处理结果",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs=AREA),
        help_text="没有异议的留空。",
    )

    def __init__(self, *args: Any, notice: ProjectNotice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice = notice
        self.fields["on"].initial = timezone.localdate()


class BeneficiariesForm(ScopedForm, forms.Form):
    numbers = forms.CharField(
        label="户编号", widget=forms.Textarea(attrs={"rows": 5, "class": "tabular"}), help_text="每行一个。"
    )
    gain = forms.CharField(label="受益方式", max_length=80, help_text="如：务工、分红、饮水入户。")

    def clean_numbers(self) -> str:
        text = str(self.cleaned_data["numbers"])
        asked = list(dict.fromkeys(filter(None, re.split(r"[\s,，、]+", text))))
        self.households = list(Household.objects.visible_to(self.user).filter(household_no__in=asked[:2000]))
        missing = sorted(set(asked) - {row.household_no for row in self.households})
        if missing:
            raise forms.ValidationError(f"没有找到这些户编号：{'、'.join(missing[:5])}，请核对。")
        return text
