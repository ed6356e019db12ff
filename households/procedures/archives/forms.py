"""What is typed of an archive."""

from __future__ import annotations

from typing import Any

from django import forms

from households.procedures.engine.forms import day_field, long_text, text_field
from households.procedures.objections.forms import Photos
from villages.codes.controls import Whole


class ArchiveForm(forms.Form):
    village = forms.CharField(label="村", error_messages={"required": "请选择村。"})
    year = Whole(label="年度", min_value=2014, error_messages={"required": "请填写年度。"})
    subject = text_field("事项", length=40, help_text="例如：2017年脱贫退出")
    started_on = day_field("开始日期", required=False)
    decided_on = day_field("批复日期")
    document = text_field("批复文号", required=False, length=80)
    numbers = long_text("涉及的户", required=False, length=5000, help_text="户编号，用空格或换行分开")
    note = long_text("说明", required=False, length=500)
    scans = Photos(label="材料", required=False, help_text="扫描件或照片，每个不超过 10 MB")

    def facts(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return {**values, "numbers": values["numbers"].split()}
