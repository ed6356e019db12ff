"""Forms of the catalogue; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms

from assistance.catalogue.selectors import county_of_user, in_force
from assistance.models import CatalogueItem
from assistance.models.catalogue import Batch, Nature, Per
from povreg.kit.controls import Day
from povreg.kit.views import ScopedForm
from villages.codes.controls import Codes, Number, PlainSelect
from villages.models import Place


class ItemForm(ScopedForm, forms.Form):
    """What a county says of a measure, from a day on."""

    label = forms.CharField(label="名称", max_length=40)
    unit = forms.CharField(label="计量单位", max_length=10, required=False)
    per = forms.ChoiceField(label="金额按", choices=[("", "总额"), *Per.choices], required=False, widget=PlainSelect)
    low = Number(label="最低（元）", max_digits=12, decimal_places=2, required=False)
    high = Number(label="最高（元）", max_digits=12, decimal_places=2, required=False)
    tiers = forms.CharField(
        label="分档标准", max_length=200, required=False,
        help_text="金额按户的类别定、没有中间数的，写成“一般贫困户 8000；深度贫困户 16000”；分了档的，最低和最高留空。",
    )  # fmt: skip
    nature = forms.ChoiceField(label="帮扶方式", choices=Nature.choices, widget=PlainSelect)
    batch = forms.ChoiceField(label="五个一批", choices=Batch.choices, widget=PlainSelect)
    department = forms.CharField(label="主管部门", max_length=40, required=False)
    basis = forms.CharField(label="依据", max_length=120, required=False, help_text="文件名称和文号。")
    causes = Codes("cause", label="针对的致贫原因", required=False)
    risks = Codes("risk", label="针对的风险", required=False)
    starts_on = Day(label="从哪天起执行")

    @property
    def county(self) -> Place:
        """The county of whoever edits."""
        return Place.objects.get(pk=county_of_user(self.user))

    @property
    def facts(self) -> dict[str, Any]:
        return self.cleaned_data


class NewItemForm(ItemForm):
    """A measure that the shipped catalogue does not have."""

    field_order = ("project",)
    project = forms.ChoiceField(label="所属项目", widget=PlainSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = in_force(county_of_user(self.user))
        self.projects = {row.code: row for row in held if row.level == CatalogueItem.Level.PROJECT}
        self.fields["project"].choices = [(row.code, row.label) for row in self.projects.values()]  # type: ignore[attr-defined]
        for name in ("nature", "batch", "causes", "risks"):
            self.fields[name].required = False
            self.fields[name].help_text = "不选的，与所属项目相同。"
        for name, choices in (("nature", Nature.choices), ("batch", Batch.choices)):
            self.fields[name].choices = [("", "与项目相同"), *choices]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"project": self.projects[data["project"]]}


class EndForm(ScopedForm, forms.Form):
    ends_on = Day(label="最后一天")
