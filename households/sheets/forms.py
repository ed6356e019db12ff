"""Forms of the sheet pages."""

from typing import Any

from django import forms
from django.http import QueryDict

from households.register.years import years_offered
from households.sheets.layouts import EXPORTED, LAYOUTS, YEARLY
from households.sheets.selectors import counties_to_import
from povreg.kit.sheets.reader import HEADER_ROWS
from povreg.kit.values import digits_of
from villages.models import Place, User
from villages.rights import Right

LAYOUT_CHOICES = [(layout.code, layout.label) for layout in LAYOUTS.values()]
EXPORT_CHOICES = [(layout.code, layout.label) for layout in EXPORTED.values()]


class UploadForm(forms.Form):
    """A workbook, its county, and its layout unless it is to be recognised."""

    file = forms.FileField(
        label="文件", error_messages={"required": "请选择要导入的文件。", "empty": "文件是空的，请重新选择。"}
    )
    layout = forms.ChoiceField(
        label="表格", required=False, choices=[("", "按表头自动识别"), *LAYOUT_CHOICES], help_text="认不出时再选"
    )
    county = forms.ModelChoiceField(
        label="县", queryset=Place.objects.none(), to_field_name="code", error_messages={"required": "请选择县。"}
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = counties_to_import(user)
        self.counties = [county.pk for county in counties]
        field = self.fields["county"]
        field.queryset = Place.objects.filter(pk__in=[county.pk for county in counties])  # type: ignore[attr-defined]
        if len(counties) == 1:
            field.initial = counties[0].pk
            field.widget = forms.HiddenInput()


class ExportForm(forms.Form):
    """What to export: layout, place, year; full numbers only with a reason."""

    layout = forms.ChoiceField(label="表格", choices=EXPORT_CHOICES)
    place = forms.CharField(label="地区", error_messages={"required": "请选择地区：输入地名后从列表中点选。"})
    year = forms.TypedChoiceField(label="年度", coerce=int, required=False, empty_value=None, help_text="年度记录才用")
    unmasked = forms.BooleanField(label="导出完整的证件、电话和银行卡号", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=200, help_text="导出完整号码时必填，会登记备查")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["year"].choices = [("", "——"), *((year, f"{year}年") for year in years_offered())]  # type: ignore[attr-defined]
        if not user.can(Right.EXPORT_UNMASKED):
            del self.fields["unmasked"], self.fields["reason"]

    def clean_place(self) -> Place:
        """A place inside the postings that grant exporting."""
        code = self.cleaned_data["place"]
        place = Place.objects.visible_to(self.user).filter(pk=code).first()
        if place is None or not self.user.can(Right.EXPORT, code):
            raise forms.ValidationError("请选择您负责范围内的地区：输入地名后从列表中点选。")
        return place

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("layout") in {layout.code for layout in YEARLY} and not values.get("year"):
            self.add_error("year", "导出年度记录要选择年度。")
        if values.get("unmasked") and not values.get("reason", "").strip():
            self.add_error("reason", "导出完整号码要写明理由，例如用于哪项工作。")
        return values


MOST_CHOICES = 400  # columns and sheets a form may speak of
READ, LEAVE = "read", "leave"


def choices_of(data: QueryDict) -> dict[str, Any]:
    """What the page of an import says of the file: columns by header or letter, sheets (read or not, row of the header,
    hidden rows), answers to questions, another layout. Only what the form names is changed."""
    headers, columns = data.getlist("header")[:MOST_CHOICES], data.getlist("column")
    names = data.getlist("sheet")[:MOST_CHOICES]
    given: dict[str, Any] = {
        "chosen": {
            header[:80]: column for header, column in zip(headers, columns, strict=False) if _says(header, column)
        }
    }
    if names:
        said = zip(names, data.getlist("use"), data.getlist("header_row"), data.getlist("hidden"), strict=False)
        given["sheets"] = {name: _sheet_choice(use, row, hidden) for name, use, row, hidden in said}
    if "asked" in data:
        given["confirmed"] = data.getlist("confirm")
    if data.get("layout") in LAYOUTS:
        given["layout"] = data["layout"]
    return given


def _says(header: str, column: str) -> bool:
    """A column that is left to itself (``-``) is not spoken of; a header that is left blank neither."""
    return column != "-" and (bool(column) or header.startswith("@"))


def _sheet_choice(use: str, row: str, hidden: str) -> dict[str, Any]:
    number = digits_of(row)
    if number is not None and not 0 < number <= HEADER_ROWS:
        number = None
    return {"use": {READ: True, LEAVE: False}.get(use), "header_row": number, "hidden": hidden != LEAVE}
