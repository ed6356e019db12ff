"""What is typed of an act on many lists: one paper, its signatures, its scan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from households.models.template import Capacity
from households.procedures.engine import clock
from households.procedures.engine.forms import day_field, hotline_field, text_field
from households.procedures.lists.bulk import Signed


class ActForm(forms.Form):
    """``capacities`` are who signs; ``posts``: an announcement is put up with it."""

    document = text_field("文号或材料名称", required=False, length=80)
    on = day_field("签字（办理）日期")
    remark = text_field("意见", required=False, length=500)
    file = forms.FileField(label="扫描件", required=False, help_text="一份材料覆盖所有名单的，只传一次")
    board = text_field("张贴地点", required=False, length=80, initial="村委会公示栏")
    hotline = hotline_field()

    def __init__(self, *args: Any, capacities: Sequence[str], posts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.capacities = list(capacities)
        self.fields["on"].initial = clock.today()
        for each in self.capacities:
            self.fields[f"signer-{each}"] = text_field(f"{Capacity(each).label}签字人", length=40)
        if not posts:
            del self.fields["board"], self.fields["hotline"]

    def signed(self) -> Signed:
        values = self.cleaned_data
        names = {each: values[f"signer-{each}"] for each in self.capacities}
        return Signed(values["document"], names, values["on"], values["remark"])

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("board", "hotline") if name in self.cleaned_data}
