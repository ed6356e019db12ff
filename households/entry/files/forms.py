"""The upload form."""

from django import forms

from villages.codes.controls import Code


class FileForm(forms.Form):
    """A photo or scan with its kind; the content is checked by the verb."""

    use_required_attribute = False
    kind = Code("attachment_kind", label="类别", blank="请选择", error_messages={"required": "请选择类别。"})
    title = forms.CharField(label="说明", max_length=80, required=False)
    file = forms.FileField(
        label="文件", error_messages={"required": "请选择要上传的文件。", "empty": "文件是空的，请重新选择。"}
    )
