"""Shape of what is typed into yearly files."""

from __future__ import annotations

from typing import Any

from django import forms

from povreg.kit.pages.forms import VersionedForm
from povreg.kit.views import ScopedForm
from villages.codes.controls import Whole, control
from villages.models import Place, VillageYear
from villages.places.fields import PlaceField
from villages.yearbook.parts import Part, field_of
from villages.yearbook.services import FIRST_YEAR

MOST_BYTES = 5 * 2**20


class StartForm(forms.Form):
    year = Whole(label="年度", min_value=FIRST_YEAR, max_value=2100, error_messages={"required": "请填写年度。"})
    copy = forms.BooleanField(
        label="沿用上一份",
        required=False,
        help_text="人口、土地、设施等不常变的内容从最近一份台账带过来；收入、资金和成效每年另填。",
    )


class PartForm(VersionedForm):
    """The facts of one part."""

    def __init__(self, *args: Any, part: Part, row: VillageYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in part.facts:
            self.fields[name] = control(field_of(name), required=False)
        self.initial = {**{name: getattr(row, name) for name in (*part.facts, "version")}, **self.initial}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ImportForm(forms.Form):
    file = forms.FileField(
        label="工作簿",
        help_text="请用下载的填报表（.xlsx），一行一个村。空白的格表示不修改。",
        error_messages={"required": "请选择要导入的工作簿。"},
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 5 MB，请删去多余的工作表和空行后再试。")
        return file


class ReportForm(ScopedForm, forms.Form):
    """Where and when the report of gaps looks."""

    place = PlaceField(
        label="范围", required=False, levels=(Place.Level.COUNTY, Place.Level.TOWNSHIP, Place.Level.VILLAGE)
    )
    year = Whole(label="年度", min_value=FIRST_YEAR, max_value=2100, required=False)
