"""What imports can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters

from households.models import SheetImport
from households.sheets.layouts import LAYOUTS
from povreg.kit.pages import filters
from villages.places.filters import InPlace

LAYOUT_CHOICES = [(code, layout.label) for code, layout in LAYOUTS.items()]


class ImportFilters(django_filters.FilterSet):
    place = InPlace(field_name="county_id", label="县")
    layout = filters.Choice(choices=LAYOUT_CHOICES, label="表格")
    status = filters.Choice(choices=SheetImport.Status.choices, label="状态")
