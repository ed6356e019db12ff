"""Counts by where income stands to the line, for the verdicts there are; from now on they are kept with the others."""

from django.db import migrations

COUNT = """
INSERT INTO households_tally (year, place_id, measure, bucket, poor, households, people, amount, as_of)
SELECT year, place_id, 'line_band', bucket, poor, count(*), sum(persons), 0, now()
FROM (
    SELECT a.year, left(a.village_id, digits) AS place_id, a.persons, coalesce(f.is_poor, false) AS poor,
        (CASE WHEN a.per_head > a.line_amount
            THEN least(floor((a.per_head - a.line_amount) * 10 / a.line_amount), 20)
            ELSE greatest(-1 - floor((a.line_amount - a.per_head) * 10 / a.line_amount), -11) END)::int::text AS bucket
    FROM households_assessment a
    JOIN households_household h ON h.id = a.household_id
    LEFT JOIN villages_villageprofile f ON f.village_id = a.village_id
    CROSS JOIN unnest(ARRAY[12, 9, 6, 4, 2]) AS digits
    WHERE h.removed_on IS NULL AND NOT h.candidate AND a.per_head IS NOT NULL AND a.line_amount > 0
) AS counted
WHERE EXISTS (SELECT FROM villages_place p WHERE p.code = place_id)
GROUP BY year, place_id, bucket, poor
"""
FORGET = "DELETE FROM households_tally WHERE measure = 'line_band'"


class Migration(migrations.Migration):
    dependencies = [("households", "0007_names_by_county")]

    operations = [migrations.RunSQL(COUNT, FORGET)]
