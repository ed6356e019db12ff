"""What households are on a day is looked up household by household, whatever the planner knows.

Within the transaction of an import it knows nothing of the spells just written; it then joined every household with
every other, and a roster of 33,000 households took minutes."""

from django.db import migrations

STANDING_ON = """
CREATE OR REPLACE FUNCTION standing_on(ids bigint[], day date) RETURNS TABLE (
    household_id bigint, exit_status varchar, household_type varchar, identified_on date, exit_year smallint,
    return_year smallint, monitor_type varchar, risk_identified_on date, risk_cleared boolean, risk_cleared_on date,
    risk_clear_way varchar, risks varchar[], in_register boolean
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT i.id, coalesce(t.code, ''),
    CASE WHEN t.poverty = 'out' THEN '01' WHEN t.poverty IN ('poor', 'leaving', 'returned') THEN '03'
         WHEN t.poverty IS NULL AND m.klass_id = 'edge' THEN '04' WHEN t.poverty IS NOT NULL THEN '' ELSE '02' END,
    t.identified_on, t.exit_year, t.return_year, coalesce(m.code, ''),
    CASE WHEN m.since_known <> 'unknown' THEN m.since END,
    CASE WHEN m.id IS NOT NULL THEN coalesce(m.until <= day, false) END,
    CASE WHEN m.until <= day AND m.until_known <> 'unknown' THEN m.until END,
    CASE WHEN m.until <= day THEN coalesce(e.clear_way, '') ELSE '' END,
    coalesce(e.risks, '{}'), coalesce(t.held, false) OR m.id IS NOT NULL
FROM unnest(ids) AS i (id)
CROSS JOIN LATERAL (
    SELECT max(s.klass_id) FILTER (WHERE s.axis = 'poverty' AND s.during @> day) AS poverty,
        max(s.code) FILTER (WHERE s.axis = 'poverty' AND s.during @> day) AS code,
        min(s.since) FILTER (
            WHERE s.axis = 'poverty' AND s.since_known <> 'unknown' AND s.klass_id NOT IN ('out', 'returned')
        ) AS identified_on,
        (array_agg(coalesce(s.year, extract(year FROM s.since)) ORDER BY s.since DESC) FILTER (
            WHERE s.klass_id = 'out' AND s.since <= day AND (s.year IS NOT NULL OR s.since_known <> 'unknown')
        ))[1]::smallint AS exit_year,
        (array_agg(coalesce(s.year, extract(year FROM s.since)) ORDER BY s.since DESC) FILTER (
            WHERE s.klass_id = 'returned' AND s.since <= day AND (s.year IS NOT NULL OR s.since_known <> 'unknown')
        ))[1]::smallint AS return_year,
        (array_agg(s.id ORDER BY s.since DESC NULLS LAST, s.id DESC) FILTER (
            WHERE s.axis = 'monitoring' AND (s.since IS NULL OR s.since <= day)
        ))[1] AS episode,
        bool_or(s.during @> day) AS held
    FROM households_spell s WHERE s.household_id = i.id
) t
LEFT JOIN households_spell m ON m.id = t.episode
LEFT JOIN households_episode e ON e.spell_id = m.id
$$;
ALTER FUNCTION project_standing(bigint[]) SET enable_seqscan = off;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0033_deputies")]
    operations = [migrations.RunSQL(STANDING_ON, migrations.RunSQL.noop)]
