"""The file to be verified."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

MOST_OF_STRANGERS = 20  # MB; whoever is signed in may upload what the house takes


class VerifyForm(forms.Form):
    file = forms.FileField(
        label="要核验的文件",
        help_text="本系统导出的工作簿（.xlsx）、文本表格（.csv）或打印件。用 Excel、WPS 另存过的也可以。",
        error_messages={
            "required": "请选择要核验的文件。",
            "invalid": "文件没有上传成功，请重新选择后再试。",
            "missing": "文件没有上传成功，请重新选择后再试。",
            "empty": "文件是空的，请选择导出的原文件。",
            "max_length": "文件名太长，请改短后再上传。",
        },
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.parquet,.docx"}),
    )

    def __init__(self, *args: Any, stranger: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stranger = stranger

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if self.stranger and (file.size or 0) > MOST_OF_STRANGERS * 2**20:
            raise forms.ValidationError(f"文件超过 {MOST_OF_STRANGERS} MB。请登录后核验，或请县主管部门代为核验。")
        return file
