"""A failed guarantee raises a lead as an income below the line does, and it goes by itself when the cause is gone.

One statement for a set of households, after every recompute of the running year: a household has one open lead a cause,
and what somebody decided in a year is not raised again in it. A lead is withdrawn only while nobody has touched it, and
only when the criterion is met: what is no longer recorded is not met.
"""

# ruff: noqa: S608 - the text is put together from declarations only

from __future__ import annotations

from functools import lru_cache

from django.db import connection
from django.utils import timezone

from households.eligibility.criteria import registered
from households.eligibility.criterion import Criterion
from households.eligibility.followers import Judged
from households.eligibility.sql import chain
from households.models import Lead
from households.models.codes import EDGE, OUT_OF_POVERTY, UNSTABLE
from households.register.years import calendar_year
from povreg.kit.prepared import planned

FEW = 50  # households for which one plan serves always
RISKS = {"housing": "04", "water": "05"}
"""The risk (code table risk) that a failed criterion is, where there is one of its own."""
MET, CLOSED = "重新评定已达标，自动撤销。", "该户已销户，自动撤销。"
"""Why a lead went by itself."""


def follow(judged: Judged) -> None:
    """Raise and withdraw the leads of households just judged (households.eligibility.followers)."""
    if judged.year != calendar_year():
        return
    statement = _statement(judged.condition("{0}"), registered())
    params = dict(judged.scope) | {"year": judged.year, "now": timezone.now(), "today": timezone.localdate()}
    with connection.cursor() as cursor:
        if len(judged.scope.get("ids", range(FEW + 1))) <= FEW:
            planned(statement).execute(cursor, params)
        else:
            cursor.execute(statement, params)


@lru_cache(maxsize=4)
def _statement(which: str, criteria: tuple[Criterion, ...]) -> str:
    words = "".join(f" WHEN '{each.code}' THEN '{each.label}'" for each in criteria)
    risks = "".join(f" WHEN '{code}' THEN ARRAY['{risk}']" for code, risk in RISKS.items())
    of_line = ", ".join(f"'{each.code}'" for each in criteria if each.against_line) or "''"
    steps = {
        "judged": f"""SELECT a.household_id, a.village_id, a.failed, a.per_head, a.line_amount,
            h.exit_status, h.group_name
            FROM households_assessment a JOIN households_household h ON h.id = a.household_id
            WHERE a.year = %(year)s AND {which.format("a")} AND cardinality(a.failed) > 0 AND h.removed_on IS NULL
            AND NOT (h.monitor_type <> '' AND h.risk_cleared IS NOT TRUE)""",
        "gone": f"""UPDATE households_lead l SET state = '{Lead.State.DECIDED}',
            outcome = '{Lead.Outcome.WITHDRAWN}', decided_on = %(today)s, version = l.version + 1, updated_at = %(now)s,
            outcome_reason = CASE WHEN h.removed_on IS NULL THEN '{MET}' ELSE '{CLOSED}' END
            FROM households_household h LEFT JOIN households_assessment a ON a.household_id = h.id AND a.year = %(year)s
            WHERE h.id = l.household_id AND {which.format("l")} AND l.state = '{Lead.State.NEW}' AND l.cause <> ''
            AND l.year <= %(year)s
            AND (h.removed_on IS NOT NULL OR l.cause <> ALL(a.failed) AND l.cause <> ALL(a.missing))
            AND NOT EXISTS (SELECT FROM households_incometest t WHERE t.lead_id = l.id)
            RETURNING l.id""",
        "wanted": f"""SELECT j.*, cause, cause IN ({of_line}) AS of_line
            FROM judged j CROSS JOIN LATERAL unnest(j.failed) AS cause
            WHERE NOT EXISTS (
                SELECT FROM households_lead l WHERE l.household_id = j.household_id AND l.cause = cause
                AND (l.state <> '{Lead.State.DECIDED}'
                    OR l.year = %(year)s AND l.outcome <> '{Lead.Outcome.WITHDRAWN}'))""",
        "raised": f"""INSERT INTO households_lead (household_id, village_id, group_name, year, found_on, source, cause,
                subject, value, threshold, monitor_type, risks, state, tracking, created_at, updated_at, version,
                told_name, told_phone, told_phone_hash, said, finding, outcome, outcome_reason, handed_to)
            SELECT household_id, village_id, group_name, %(year)s, %(today)s,
                CASE WHEN of_line THEN '{Lead.Source.INCOME}' ELSE '{Lead.Source.GUARANTEE}' END, cause,
                CASE cause{words} ELSE cause END,
                CASE WHEN of_line THEN per_head END, CASE WHEN of_line THEN line_amount END,
                CASE WHEN exit_status = '{OUT_OF_POVERTY}' THEN '{UNSTABLE}'
                    WHEN exit_status = '' THEN '{EDGE}' ELSE '' END,
                CASE cause{risks} ELSE '{{}}'::varchar[] END, '{Lead.State.NEW}', {TRACKING},
                %(now)s, %(now)s, 1, '', '', '', '', '', '', '', ''
            FROM wanted
            ON CONFLICT (household_id, cause) WHERE state <> 'decided' AND cause <> '' DO NOTHING
            RETURNING id""",
    }
    return chain(steps, "SELECT (SELECT count(*) FROM raised), (SELECT count(*) FROM gone)")


TRACKING = "upper(left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32))"
"""128 bits that nobody can guess, as :func:`households.models.lead.new_tracking` makes them."""
