"""A form field for one place, found by name, code or pinyin initials; without scripts a full name or code will do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from villages.models import Place

TYPED = "?"  # marks text that was typed and not picked


class PlaceInput(forms.TextInput):
    """The place picker of the house; answers the code, or what was typed when nothing was picked."""

    level = ""
    found: Place | None = None  # what typed text was understood as, so that a form shown again holds it

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        code, text = (data.get(name) or "").strip(), (data.get(f"{name}_text") or "").strip()
        return code or (TYPED + text if text else "")

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        code = str(getattr(value, "pk", value) or "")
        place = self.found if code.startswith(TYPED) else Place.objects.filter(pk=code).first()
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "value": place.pk if place else "",
            "text": str(place) if place else code.removeprefix(TYPED),
            "level": self.level,
            "required": self.is_required,
            "invalid": (attrs or {}).get("aria-invalid", ""),
        }
        return render_to_string("villages/places/place_input.html", context)


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
        found = list(self.queryset.filter(Q(code=text) | Q(short_name=text) | Q(name=text))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"叫“{text}”的地点不止一个，请输入后从列出的地点中选一个。", code="ambiguous")
        raise ValidationError(
            f"在您的管辖范围内没有找到“{text}”，请核对名称，或改用代码、拼音首字母查找后选择。", code="unknown_place"
        )
