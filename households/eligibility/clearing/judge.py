"""Judges the open episodes of the households whose verdicts were made anew, in the same transaction."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from households.eligibility.clearing.sql import statement
from households.eligibility.followers import Judged
from povreg.kit.prepared import planned

FIRST_YEAR = 2020
"""Monitoring began (policy.md 6.1)."""
FEW = 50  # households for which one plan serves always


def judge(judged: Judged) -> None:
    """Bring the clearances of a set of households and a year up to date."""
    if judged.year < FIRST_YEAR:
        return
    text = statement(judged.condition("{0}"))
    params = dict(judged.scope) | {"year": judged.year, "now": timezone.now()}
    with connection.cursor() as cursor:
        if len(judged.scope.get("ids", range(FEW + 1))) <= FEW:
            planned(text).execute(cursor, params)
        else:
            cursor.execute(text, params)
