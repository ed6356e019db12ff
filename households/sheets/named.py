"""Who and what a check names one by one, besides counting them: cells that change, who is new, who is registered and
not in the sheet, whose village the sheet says otherwise. The first MOST of each, and how many there are."""

# ruff: noqa: S608 - the text is put together from what stands here

from __future__ import annotations

from typing import Any

from households.models import Household, Member
from households.sheets.outcome import Mentioned, Named
from households.sheets.staging import rows_of

MOST = 100


def hear(mentioned: Mentioned) -> None:
    """A roster's sheet that was just merged."""
    found = rows_of("SELECT DISTINCT household_id, village_id FROM sheet_good WHERE household_id IS NOT NULL")
    mentioned.households |= {household for household, _village in found}
    mentioned.villages |= {village for _household, village in found if village}
    mentioned.absent.add(rows_of(ABSENT, {"most": MOST}), MOST)
    mentioned.moved.add(rows_of(MOVED, {"most": MOST}), MOST)


def unlisted(mentioned: Mentioned, registered: bool) -> Named:
    """Households of the villages that no sheet mentions; of those with a class only, if ``registered``."""
    told = Named()
    if mentioned.villages:
        params = {
            "villages": sorted(mentioned.villages), "mentioned": sorted(mentioned.households),
            "registered": registered, "most": MOST,
        }  # fmt: skip
        told.add(rows_of(UNLISTED, params), MOST)
    return told


def entered(context: Any) -> Named:
    """Who was entered under a context of the history, household by household as the sheet has them."""
    told = Named()
    events = {"people": _events(Member), "homes": _events(Household)}
    told.add(rows_of(ENTERED, {"context": context, "most": MOST}, **events), MOST)
    return told


def _events(model: Any) -> str:
    return str(model.history.rel.related_model._meta.db_table)


HOME = "h.household_no, coalesce(nullif(p.short_name, ''), p.name)"
# Registered people of the sheet's households whom it does not mention.
ABSENT = f"""
SELECT count(*) OVER ()::int, {HOME}, m.name FROM households_member m
JOIN households_household h ON h.id = m.household_id JOIN villages_place p ON p.code = h.village_id
WHERE m.household_id IN (SELECT household_id FROM sheet_good WHERE facts) AND m.left_on IS NULL
  AND NOT EXISTS (SELECT 1 FROM sheet_good g WHERE g.member_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM sheet_good g WHERE g.household_id = m.household_id AND g.new_no = m.person_no)
ORDER BY h.village_id, h.household_no, m.person_no LIMIT %(most)s
"""
MOVED = """
SELECT count(*) OVER ()::int, g.household_no, coalesce(nullif(old.short_name, ''), old.name),
       coalesce(nullif(new.short_name, ''), new.name)
FROM sheet_good g JOIN villages_place old ON old.code = g.registered_in
JOIN villages_place new ON new.code = g.village_id
WHERE g.facts AND g.village_id <> g.registered_in ORDER BY g.n LIMIT %(most)s
"""
UNLISTED = f"""
SELECT count(*) OVER ()::int, {HOME},
       (SELECT m.name FROM households_member m WHERE m.household_id = h.id AND m.left_on IS NULL
        ORDER BY m.relation LIMIT 1)
FROM households_household h JOIN villages_place p ON p.code = h.village_id
WHERE h.village_id = ANY(%(villages)s) AND h.removed_on IS NULL AND (h.in_register OR NOT %(registered)s)
  AND NOT EXISTS (SELECT FROM unnest(%(mentioned)s::bigint[]) seen (id) WHERE seen.id = h.id)
ORDER BY h.village_id, h.household_no LIMIT %(most)s
"""
ENTERED = f"""
WITH new AS (SELECT pgh_id, pgh_obj_id AS id FROM {{people}}
             WHERE pgh_context_id = %(context)s AND pgh_label = 'insert'),
first AS (SELECT * FROM new ORDER BY pgh_id LIMIT %(most)s)
SELECT (SELECT count(*) FROM new)::int, {HOME}, m.name,
       CASE WHEN EXISTS (SELECT FROM {{homes}} e WHERE e.pgh_obj_id = h.id AND e.pgh_context_id = %(context)s
                         AND e.pgh_label = 'insert') THEN '新登记的户' ELSE '加入登记过的户' END
FROM first JOIN households_member m ON m.id = first.id JOIN households_household h ON h.id = m.household_id
JOIN villages_place p ON p.code = h.village_id ORDER BY first.pgh_id
"""
