"""Presence out of what an installation knows: today's members, and splits and merges with their day.

Who was moved by a split or merge is told by the kept versions of the members; yearly rows that were dragged along go
back to where the member was counted. Rows of a year get the village where the household lived on their count day, which
its moves (RegisterEvent 05, 06) tell.
"""

from django.db import migrations

VILLAGE_ON = """
CREATE FUNCTION households_village_on(household bigint, counted_year int, now_in varchar) RETURNS varchar
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT e.other_village_id FROM households_registerevent e
         WHERE e.household_id = household AND e.household_change IN ('05', '06') AND e.other_village_id IS NOT NULL
           AND e.happened_on > make_date(counted_year, 9, 30)
         ORDER BY e.happened_on, e.id LIMIT 1), now_in)
$$
"""

MOVES = """
UPDATE households_member SET joined_on = NULL WHERE joined_on > left_on;
CREATE TEMP TABLE presence_moves AS
SELECT t.member_id, t.new_household, e.came,
       least(max(e.happened_on) OVER w, m.left_on) AS day, row_number() OVER w AS n,
       CASE WHEN row_number() OVER w = 1 THEN t.old_household END AS from_household, r.relation AS old_relation
FROM (SELECT pgh_obj_id AS member_id, pgh_id, pgh_created_at, pgh_context_id, household_id AS new_household,
             lag(household_id) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS old_household
      FROM households_memberevent
      WHERE pgh_obj_id IN (SELECT m.id FROM households_member m
                           JOIN households_registerevent e ON e.household_id = m.household_id
                           WHERE e.household_change IN ('02', '03'))) t
JOIN households_member m ON m.id = t.member_id
JOIN LATERAL (
    SELECT e.happened_on, 'H' || right(e.household_change, 1) AS came
    FROM households_registerevent e
    WHERE e.household_id = t.old_household AND e.other_id = t.new_household AND e.household_change IN ('02', '03')
    ORDER BY abs(extract(epoch FROM e.created_at - t.pgh_created_at)) LIMIT 1) e ON TRUE
LEFT JOIN LATERAL (
    SELECT b.relation FROM households_memberevent b
    WHERE b.pgh_obj_id = t.member_id AND b.pgh_id < t.pgh_id AND b.household_id = t.old_household
      AND (b.pgh_context_id IS NULL OR b.pgh_context_id IS DISTINCT FROM t.pgh_context_id)
    ORDER BY b.pgh_id DESC LIMIT 1) r ON TRUE
WHERE t.old_household <> t.new_household
WINDOW w AS (PARTITION BY t.member_id ORDER BY t.pgh_id);
"""

FILL = MOVES + """
INSERT INTO households_presence
    (member_id, household_id, village_id, since, until, relation, continued, came, went)
SELECT m.id, coalesce(v.from_household, m.household_id), h.village_id,
       CASE WHEN v.day IS NULL OR m.joined_on <= v.day THEN m.joined_on END,
       CASE WHEN v.day IS NULL THEN m.left_on ELSE v.day END,
       CASE WHEN v.day IS NULL THEN m.relation ELSE coalesce(v.old_relation, '') END, FALSE, m.joined_reason,
       CASE WHEN v.day IS NULL THEN m.left_reason ELSE v.came END
FROM households_member m
LEFT JOIN presence_moves v ON v.member_id = m.id AND v.n = 1
JOIN households_household h ON h.id = coalesce(v.from_household, m.household_id);

INSERT INTO households_presence
    (member_id, household_id, village_id, since, until, relation, continued, came, went)
SELECT m.id, CASE WHEN v.last THEN m.household_id ELSE v.new_household END, h.village_id, v.day,
       CASE WHEN v.last THEN m.left_on ELSE v.next_day END,
       CASE WHEN v.last THEN m.relation ELSE coalesce(v.next_relation, '') END, FALSE, v.came,
       CASE WHEN v.last THEN m.left_reason ELSE v.next_came END
FROM (SELECT member_id, n, new_household, day, came,
             lead(day) OVER w AS next_day, lead(old_relation) OVER w AS next_relation, lead(came) OVER w AS next_came,
             lead(n) OVER w IS NULL AS last
      FROM presence_moves WINDOW w AS (PARTITION BY member_id ORDER BY n)) v
JOIN households_member m ON m.id = v.member_id
JOIN households_household h ON h.id = CASE WHEN v.last THEN m.household_id ELSE v.new_household END
ORDER BY v.member_id, v.n;

UPDATE households_member m SET joined_on = v.day
FROM (SELECT member_id, max(day) AS day FROM presence_moves GROUP BY 1) v
WHERE v.member_id = m.id AND m.joined_on IS DISTINCT FROM v.day;
DROP TABLE presence_moves;
"""

# A head since the day of his 户主变更; and one who followed another head is one since that head left.
HEADS = """
WITH turned AS (
    SELECT p.id, max(e.happened_on) AS day FROM households_presence p
    JOIN households_registerevent e ON e.member_id = p.member_id AND e.household_id = p.household_id
                                   AND e.household_change = '04'
    WHERE p.relation = '01' AND p.until IS NULL GROUP BY p.id),
parted AS (
    UPDATE households_presence p SET since = t.day, continued = TRUE, came = ''
    FROM turned t, households_presence o
    WHERE p.id = t.id AND o.id = p.id AND (o.since IS NULL OR o.since < t.day)
    RETURNING p.*, o.since AS began, o.came AS why)
INSERT INTO households_presence (member_id, household_id, village_id, since, until, relation, continued, came, went)
SELECT member_id, household_id, village_id, began, since, '', FALSE, why, '' FROM parted;

WITH heads AS (
    SELECT id, since, until, max(coalesce(until, 'infinity')) OVER (
        PARTITION BY household_id ORDER BY coalesce(until, 'infinity'), id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS free_on
    FROM households_presence WHERE relation = '01'),
parted AS (
    UPDATE households_presence p SET since = h.free_on, continued = TRUE, came = ''
    FROM heads h, households_presence o
    WHERE h.id = p.id AND o.id = p.id AND isfinite(h.free_on) AND (o.since IS NULL OR o.since < h.free_on)
    RETURNING p.*, o.since AS began, o.came AS why, o.continued AS going)
INSERT INTO households_presence (member_id, household_id, village_id, since, until, relation, continued, came, went)
SELECT member_id, household_id, village_id, began, since, '', going, why, '' FROM parted;
"""

YEARS = """
UPDATE households_memberyear y SET household_id = p.household_id, village_id = p.village_id
FROM households_presence p
WHERE p.member_id = y.member_id AND y.household_id <> p.household_id
  AND (p.since IS NULL OR p.since <= make_date(y.year, 9, 30))
  AND (p.until IS NULL OR p.until > make_date(y.year, 9, 30));
UPDATE households_annualrecord SET counted_in = households_village_on(household_id, year, village_id);
UPDATE households_memberyear SET counted_in = households_village_on(household_id, year, village_id);
UPDATE households_assessment SET counted_in = households_village_on(household_id, year, village_id);
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0019_presence")]

    operations = [
        migrations.RunSQL(VILLAGE_ON, "DROP FUNCTION households_village_on(bigint, int, varchar)"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(HEADS, migrations.RunSQL.noop),
        migrations.RunSQL(YEARS, migrations.RunSQL.noop),
    ]
