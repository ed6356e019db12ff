"""A form field for one place, found by name, code or pinyin initials; without scripts a full name or code will do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Concat

from villages.models import Place

SEPARATORS = re.compile(r"[\s,，、;；]+")
TYPED = "?"  # marks text that was typed and not picked


class PlaceInput(forms.TextInput):
    """The place picker of the house; answers the code, or what was typed when nothing was picked."""

    level = ""
    found: Place | None = None  # what typed text was understood as, so that a form shown again holds it

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        code, text = (data.get(name) or "").strip(), (data.get(f"{name}_text") or "").strip()
        return code or (TYPED + text if text else "")

    template_name = "villages/places/place_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        code = str(getattr(value, "pk", value) or "")
        place = self.found if code.startswith(TYPED) else Place.objects.filter(pk=code).first()
        return {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "value": place.pk if place else "",
            "text": str(place) if place else code.removeprefix(TYPED),
            "level": self.level,
            "required": self.is_required,
            "invalid": (attrs or {}).get("aria-invalid", ""),
        }


class PlaceField(forms.ModelChoiceField):
    """One current place. ``levels`` limits it (Place.Level); a ScopedForm limits it to the person's places."""

    widget = PlaceInput

    def __init__(self, *, levels: Collection[int] = (), **kwargs: Any) -> None:
        places = Place.objects.filter(retired_on__isnull=True)
        self.levels = frozenset(levels)
        kwargs.setdefault("label", "地点")
        super().__init__(queryset=places, **kwargs)
        self.error_messages.setdefault("required", "请选择地点。")

    def to_python(self, value: Any) -> Place | None:
        """Raises ValidationError for a place that is not found, not of these levels, or outside the scope."""
        if value in self.empty_values:
            return None
        place = self.widget.found = self._find(str(value))
        if self.levels and place.level not in self.levels:
            names = "、".join(Place.Level(level).label for level in sorted(self.levels))
            raise ValidationError(f"“{place}”不是{names}一级的地点，请重新选择。", code="wrong_level")
        return place

    def _find(self, value: str) -> Place:
        text = value.removeprefix(TYPED).strip()
        assert self.queryset is not None
        found = list(self.queryset.filter(Q(code=text) | Q(short_name=text) | Q(name=text))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"叫“{text}”的地点不止一个，请输入后从列出的地点中选一个。", code="ambiguous")
        raise ValidationError(
            f"在您的管辖范围内没有找到“{text}”，请核对名称，或改用代码、拼音首字母查找后选择。", code="unknown_place"
        )


class PlacesField(forms.CharField):
    """Several places, one a line: the name, the name with its township before it, or the code."""

    widget = forms.Textarea

    def __init__(self, *, levels: Collection[int] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset = Place.objects.filter(retired_on__isnull=True, level__in=levels)

    @staticmethod
    def text_of(places: Iterable[Place]) -> str:
        """How the places are written into the field; select their parents with them."""
        return "\n".join(f"{place.parent or ''}{place}" for place in places)

    def clean(self, value: Any) -> list[Place]:
        """Raises ValidationError naming every line that is no place here, or more than one."""
        lines = [line for line in SEPARATORS.split(super().clean(value) or "") if line]
        full = Concat("parent__short_name", "short_name")
        named = self.queryset.annotate(full=full).filter(
            Q(code__in=lines) | Q(short_name__in=lines) | Q(name__in=lines) | Q(full__in=lines)
        )
        places = list(named.select_related("parent"))
        found = {line: [place for place in places if line in spellings(place)] for line in lines}
        faults = [line_fault(line, hits) for line, hits in found.items() if len(hits) != 1]
        if faults:
            raise ValidationError(faults)
        return list({hits[0].pk: hits[0] for hits in found.values()}.values())


def spellings(place: Place) -> set[str]:
    return {place.code, place.name, place.short_name, f"{place.parent}{place.short_name}"}


def line_fault(line: str, hits: Sequence[Place]) -> str:
    if hits:
        return f"叫“{line}”的地点不止一个，请在前面写上乡镇，如“{hits[0].parent}{hits[0]}”。"
    return f"在您的管辖范围内没有找到“{line}”，请核对名称或改用代码。"
