"""What the list of differences in standing can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters

from households.models import StandingProposal
from povreg.kit.pages import filters
from villages.places.filters import InPlace


class ProposalFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="乡镇或村")
    household = filters.Whole(field_name="household_id", label="户", help_text="户 id")
    kind = filters.Choice(choices=StandingProposal.Kind.choices, label="种类")
    state = filters.Choice(choices=StandingProposal.State.choices, label="状态")
    source = filters.Whole(field_name="source_id", label="导入", help_text="导入 id")
