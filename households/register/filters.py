"""Filters that every list of rows of a year shares."""

from typing import Any

from django.core.exceptions import ValidationError

from households.register.years import FIRST_YEAR, years_offered
from povreg.kit.api import filters


def check_offered(year: int) -> None:
    """Raises ValidationError for a year that nothing can be recorded for."""
    years = years_offered()
    if year not in years:
        raise ValidationError(f"年度应在 {years[-1]} 到 {years[0]} 之间。")


class SurveyYear(filters.Whole):
    """Rows of a survey year; one outside is refused, in the API with 400 beside its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        texts = {"help_text": "年度", **kwargs}
        super().__init__(*args, least=FIRST_YEAR, most=years_offered()[0], validators=[check_offered], **texts)
