"""The filter by place of declared lists: a picker on the page, a code in the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from povreg.kit.api import filters
from villages.models import Place
from villages.places.fields import TYPED, PlaceInput


class PlaceCodeField(forms.CharField):
    """A place's code; a name that was typed and not picked will do where it is the only one."""

    widget = PlaceInput

    def to_python(self, value: Any) -> str:
        text = str(value or "").strip()
        return self.found(text.removeprefix(TYPED).strip()) if text.startswith(TYPED) else text

    def found(self, text: str) -> str:
        places = list(Place.objects.current().filter(Q(short_name=text) | Q(name=text) | Q(code=text))[:2])
        if len(places) == 1:
            self.widget.found = places[0]  # type: ignore[attr-defined]
            return str(places[0].pk)
        said = "不止一个，请从列出的地点中选一个" if places else "没有找到，请核对名称，或用代码、拼音首字母查找"
        raise ValidationError(f"叫“{text}”的地点{said}。")


class InPlace(filters.Place):
    """Rows inside a place."""

    field_class = PlaceCodeField

    def __init__(self, *args: Any, label: str = "所在地", **kwargs: Any) -> None:
        super().__init__(*args, label=label, **kwargs)
