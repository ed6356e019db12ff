"""What templates and season windows can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters

from households.models import SeasonWindow
from households.procedures.engine.filters import KindChoice
from households.procedures.engine.procedure import kind_choices
from povreg.kit.pages import filters
from villages.places.filters import InPlace


class TemplateFilters(django_filters.FilterSet):
    kind = KindChoice(choices=kind_choices, label="种类")
    code = filters.Word(pattern=r"^[a-z0-9_-]+$", label="代码")
    active = filters.YesNo(field_name="is_active", label="启用", help_text="是否启用")


class WindowFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="地区")
    function = filters.Choice(choices=SeasonWindow.Function.choices, label="功能")
    kind = KindChoice(choices=kind_choices, label="种类")
