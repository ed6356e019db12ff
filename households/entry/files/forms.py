"""The upload form."""

from typing import Any

from django import forms

from villages.codes.controls import Code


class SeveralInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Files chosen together, as a list: all of them are looked at, none is dropped silently."""

    widget = SeveralInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [each for each in (data if isinstance(data, (list, tuple)) else [data]) if each]
        return [super(SeveralFiles, self).clean(each, initial) for each in files or [None]]


class FileForm(forms.Form):
    """A photo or scan with its kind; the content is checked by the verb."""

    use_required_attribute = False
    kind = Code("attachment_kind", label="类别", blank="请选择", error_messages={"required": "请选择类别。"})
    title = forms.CharField(label="说明", max_length=80, required=False)
    file = SeveralFiles(
        label="文件", error_messages={"required": "请选择要上传的文件。", "empty": "文件是空的，请重新选择。"}
    )
