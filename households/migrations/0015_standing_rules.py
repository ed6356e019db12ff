"""What keeps standing honest, in the database: classes, the projection, the origins, and the rows of before.

Functions and triggers stand here and not on the models because they serve several tables. An older installation comes
out closed (contract.md section 5): spells of approved lists take that list and day, all else is carried over with the
dates known; candidates become ordinary households; nothing is dropped.
"""

from django.db import migrations

CLASSES = """
INSERT INTO households_standingclass (key, axis, code, label, position, opened_by, closed_by, by_department) VALUES
  ('poor',       'poverty',    '0', '贫困户',         1, '{identification}', '{exit,removal}',            false),
  ('leaving',    'poverty',    '2', '预脱贫户',       2, '{}',               '{exit,removal}',            false),
  ('out',        'poverty',    '1', '脱贫户',         3, '{exit}',           '{return,removal}',          false),
  ('returned',   'poverty',    '3', '返贫户',         4, '{return}',         '{exit,removal}',            false),
  ('listed',     'poverty',    '',  '在册（身份未载明）', 5, '{}',            '{exit,return,removal}',     false),
  ('unstable',   'monitoring', '1', '脱贫不稳定户',   6, '{monitor_in}',     '{monitor_out,monitor_in,removal}', false),
  ('edge',       'monitoring', '2', '边缘易致贫户',   7, '{monitor_in}',     '{monitor_out,monitor_in,removal}', false),
  ('sudden',     'monitoring', '3', '突发严重困难户', 8, '{monitor_in}',     '{monitor_out,monitor_in,removal}', false),
  ('dibao',      'civil',      '1', '低保户',         9, '{}', '{}', true),
  ('tekun',      'civil',      '2', '特困供养户',    10, '{}', '{}', true),
  ('dibao_edge', 'civil',      '3', '低保边缘户',    11, '{}', '{}', true),
  ('rigid',      'civil',      '4', '刚性支出困难户', 12, '{}', '{}', true)
"""

# What a household is on a day, for a set of households: one pass over their spells.
STANDING_ON = """
CREATE FUNCTION standing_on(ids bigint[], day date) RETURNS TABLE (
    household_id bigint, exit_status varchar, household_type varchar, identified_on date, exit_year smallint,
    return_year smallint, monitor_type varchar, risk_identified_on date, risk_cleared boolean, risk_cleared_on date,
    risk_clear_way varchar, risks varchar[], in_register boolean
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
WITH summed AS (
    SELECT s.household_id,
        max(s.klass_id) FILTER (WHERE s.axis = 'poverty' AND s.during @> day) AS poverty,
        max(s.code) FILTER (WHERE s.axis = 'poverty' AND s.during @> day) AS code,
        min(s.since) FILTER (WHERE s.axis = 'poverty' AND s.since_known <> 'unknown') AS identified_on,
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
    FROM households_spell s WHERE s.household_id = ANY (ids) GROUP BY s.household_id
)
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
LEFT JOIN summed t ON t.household_id = i.id
LEFT JOIN households_spell m ON m.id = t.episode
LEFT JOIN households_episode e ON e.spell_id = m.id
$$
"""

COLUMNS = (
    "exit_status", "household_type", "identified_on", "exit_year", "return_year", "monitor_type", "risk_identified_on",
    "risk_cleared", "risk_cleared_on", "risk_clear_way", "risks", "in_register",
)
_NEW, _OLD = (", ".join(f"{alias}.{name}" for name in COLUMNS) for alias in ("s", "h"))
PROJECT = f"""
CREATE FUNCTION register_today() RETURNS date LANGUAGE sql STABLE AS
$$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;

CREATE FUNCTION project_standing(ids bigint[]) RETURNS void LANGUAGE sql AS $$
UPDATE households_household h SET ({", ".join(COLUMNS)}, version, updated_at) = ROW({_NEW}, h.version + 1, now())
FROM standing_on(ids, register_today()) s
WHERE h.id = s.household_id AND ROW({_OLD}) IS DISTINCT FROM ROW({_NEW})
$$;

CREATE FUNCTION spells_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM project_standing(ARRAY(SELECT DISTINCT household_id FROM new_rows ORDER BY 1));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM project_standing(ARRAY(SELECT DISTINCT household_id FROM old_rows ORDER BY 1));
    ELSE
        PERFORM project_standing(ARRAY(
            SELECT household_id FROM new_rows UNION SELECT household_id FROM old_rows ORDER BY 1));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION episodes_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM project_standing(ARRAY(
        SELECT DISTINCT s.household_id FROM new_rows n JOIN households_spell s ON s.id = n.spell_id ORDER BY 1));
    RETURN NULL;
END $$;

CREATE TRIGGER standing_inserted AFTER INSERT ON households_spell
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION spells_changed();
CREATE TRIGGER standing_updated AFTER UPDATE ON households_spell
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION spells_changed();
CREATE TRIGGER standing_deleted AFTER DELETE ON households_spell
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION spells_changed();
CREATE TRIGGER episode_inserted AFTER INSERT ON households_episode
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION episodes_changed();
CREATE TRIGGER episode_updated AFTER UPDATE ON households_episode
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION episodes_changed();
"""

CLASS_OF = """
CREATE FUNCTION spell_class() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT c.axis, c.code INTO STRICT NEW.axis, NEW.code FROM households_standingclass c WHERE c.key = NEW.klass_id;
    RETURN NEW;
END $$;
CREATE TRIGGER spell_class BEFORE INSERT OR UPDATE OF klass_id, axis, code ON households_spell
    FOR EACH ROW EXECUTE FUNCTION spell_class();
"""

# Nobody but the projection, which runs inside a trigger of the spells, writes what a household is.
_CHANGED = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in COLUMNS)
GUARD = f"""
CREATE FUNCTION guard_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'standing of household % is what its spells say, it cannot be written', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_is_projected', TABLE = 'households_household';
END $$;
CREATE TRIGGER guard_standing_update BEFORE UPDATE ON households_household
    FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION guard_standing();
CREATE TRIGGER guard_standing_insert BEFORE INSERT ON households_household
    FOR EACH ROW WHEN (
        NEW.exit_status <> '' OR NEW.household_type NOT IN ('', '02') OR NEW.identified_on IS NOT NULL
        OR NEW.exit_year IS NOT NULL OR NEW.return_year IS NOT NULL OR NEW.monitor_type <> ''
        OR NEW.risk_identified_on IS NOT NULL OR NEW.risk_cleared IS NOT NULL OR NEW.risk_cleared_on IS NOT NULL
        OR NEW.risk_clear_way <> '' OR NEW.risks <> '{{}}' OR NEW.in_register
    ) EXECUTE FUNCTION guard_standing();
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
"""

# Every origin is looked up when the transaction commits, whatever tool wrote the spell.
ORIGINS = """
CREATE FUNCTION in_opening_stock(village varchar) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT NOT EXISTS (SELECT 1 FROM households_openingstock o
                   WHERE o.county_id = left(village, 6) AND o.closed_on IS NOT NULL)
$$;

CREATE FUNCTION on_approved_list(list bigint, household bigint, kinds varchar[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT EXISTS (
    SELECT 1 FROM households_batch b
    JOIN households_batchentry e ON e.batch_id = b.id AND e.household_id = household AND e.state = 'listed'
    JOIN households_steprecord r ON r.batch_id = b.id AND r.round = b.round AND r.outcome = 'done'
    JOIN households_templatestep t ON t.id = r.step_id AND t.kind = 'filing'
    WHERE b.id = list AND b.kind = ANY (kinds))
$$;

CREATE FUNCTION spell_begins_rightly(s households_spell) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT CASE s.origin
    WHEN 'opening' THEN in_opening_stock(s.village_id)
    WHEN 'list' THEN on_approved_list(s.batch_id, s.household_id, c.opened_by)
    WHEN 'department' THEN c.by_department AND EXISTS (
        SELECT 1 FROM households_departmentrow d
        WHERE d.id = s.department_row_id AND d.household_id = s.household_id AND d.klass_id = s.klass_id)
    WHEN 'correction' THEN EXISTS (
        SELECT 1 FROM households_correctionorder o
        WHERE o.id = s.correction_id AND o.household_id = s.household_id AND o.approved_by_id IS NOT NULL
          AND o.approved_by_id <> o.ordered_by_id)
    WHEN 'split' THEN EXISTS (
        SELECT 1 FROM households_spell p JOIN households_registerevent v
            ON v.household_id = s.household_id AND v.other_id = p.household_id AND v.household_change IN ('02', '03')
        WHERE p.id = s.copied_from_id AND p.klass_id = s.klass_id)
    ELSE false END
FROM households_standingclass c WHERE c.key = s.klass_id
$$;

CREATE FUNCTION spell_ends_rightly(s households_spell) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT s.until IS NULL OR CASE s.end_origin
    WHEN 'opening' THEN in_opening_stock(s.village_id)
    WHEN 'list' THEN on_approved_list(s.end_batch_id, s.household_id, c.closed_by)
    WHEN 'department' THEN c.by_department
    WHEN 'correction' THEN EXISTS (
        SELECT 1 FROM households_correctionorder o
        WHERE o.household_id = s.household_id AND o.spell_id = s.id AND o.approved_by_id IS NOT NULL)
    WHEN 'next' THEN EXISTS (
        SELECT 1 FROM households_spell n
        WHERE n.household_id = s.household_id AND n.axis = s.axis AND n.id <> s.id AND n.since = s.until)
    WHEN 'closed' THEN EXISTS (
        SELECT 1 FROM households_household h WHERE h.id = s.household_id AND h.removed_on IS NOT NULL)
    WHEN 'split' THEN EXISTS (
        SELECT 1 FROM households_spell p WHERE p.id = s.copied_from_id AND p.until = s.until)
    ELSE false END
FROM households_standingclass c WHERE c.key = s.klass_id
$$;

CREATE FUNCTION check_spell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept households_spell;
    begins boolean := TG_OP = 'INSERT';
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF (OLD.origin = 'opening' AND in_opening_stock(OLD.village_id)) OR EXISTS (
            SELECT 1 FROM households_correctionorder o
            WHERE o.household_id = OLD.household_id AND o.approved_by_id IS NOT NULL AND o.document = OLD.document)
        THEN
            RETURN NULL;
        END IF;
    ELSE
        SELECT * INTO kept FROM households_spell s WHERE s.id = NEW.id;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            begins := ROW(OLD.household_id, OLD.klass_id, OLD.since, OLD.since_known, OLD.origin, OLD.batch_id, OLD.year)
                IS DISTINCT FROM ROW(kept.household_id, kept.klass_id, kept.since, kept.since_known, kept.origin,
                                     kept.batch_id, kept.year);
            IF NOT begins AND ROW(OLD.until, OLD.until_known, OLD.end_origin)
                IS NOT DISTINCT FROM ROW(kept.until, kept.until_known, kept.end_origin) THEN
                RETURN NULL;
            END IF;
        END IF;
        IF (NOT begins OR spell_begins_rightly(kept)) AND spell_ends_rightly(kept) THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'standing of household % has no origin: % %', coalesce(kept.household_id, OLD.household_id),
        coalesce(kept.origin, OLD.origin), coalesce(kept.end_origin, OLD.end_origin)
        USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_has_origin', TABLE = 'households_spell';
END $$;
CREATE CONSTRAINT TRIGGER standing_has_origin AFTER INSERT OR UPDATE OR DELETE ON households_spell
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_spell();
"""

# What a roster, or an older installation, says of a household, as spells. ``asof`` is the day it was said.
STATED = """
CREATE FUNCTION stated_spells(
    exit_status varchar, household_type varchar, identified_on date, exit_year smallint, return_year smallint,
    monitor_type varchar, risk_identified_on date, risk_cleared boolean, risk_cleared_on date, asof date
) RETURNS TABLE (
    klass varchar, since date, since_known varchar, until date, until_known varchar, sure_until date, year smallint
) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
WITH said AS (
    SELECT CASE WHEN exit_status <> '' THEN exit_status WHEN household_type = '01' THEN '1'
                WHEN household_type = '03' THEN '0'
                WHEN household_type IN ('02', '04') OR monitor_type <> '' THEN NULL ELSE 'listed' END AS poverty,
           CASE WHEN monitor_type <> '' THEN monitor_type WHEN household_type = '04' THEN '2' END AS monitor,
           CASE WHEN exit_year IS NOT NULL THEN least(make_date(exit_year, 12, 31), asof) END AS out_by,
           CASE WHEN return_year IS NOT NULL THEN least(make_date(return_year, 12, 31), asof) END AS back_by
), days AS (
    SELECT poverty, monitor,
        greatest(coalesce(out_by, asof), identified_on) AS out_day,
        CASE WHEN exit_year IS NOT NULL THEN greatest(out_by, identified_on) END AS left_day,
        greatest(coalesce(back_by, asof), greatest(out_by, identified_on) + 1, identified_on) AS back_day
    FROM said
)
SELECT CASE poverty WHEN '0' THEN 'poor' WHEN '2' THEN 'leaving' ELSE 'listed' END, identified_on,
       CASE WHEN identified_on IS NULL THEN 'unknown' ELSE 'day' END, NULL::date, '', NULL::date, NULL::smallint
    FROM days WHERE poverty IN ('0', '2', 'listed')
UNION ALL
SELECT 'poor', identified_on, 'day', out_day, CASE WHEN exit_year IS NULL THEN 'unknown' ELSE 'year' END,
       CASE WHEN exit_year IS NULL THEN least(identified_on + 1, out_day) END, NULL
    FROM days WHERE poverty = '1' AND identified_on IS NOT NULL
UNION ALL
SELECT 'out', CASE WHEN exit_year IS NULL AND identified_on IS NULL THEN NULL ELSE out_day END,
       CASE WHEN exit_year IS NULL THEN 'unknown' ELSE 'year' END, NULL, '', NULL, exit_year
    FROM days WHERE poverty = '1'
UNION ALL
SELECT 'poor', identified_on, 'day', coalesce(left_day, back_day),
       CASE WHEN coalesce(exit_year, return_year) IS NULL OR exit_year IS NULL THEN 'unknown' ELSE 'year' END,
       CASE WHEN exit_year IS NULL THEN least(identified_on + 1, back_day) END, NULL
    FROM days WHERE poverty = '3' AND identified_on IS NOT NULL
UNION ALL
SELECT 'out', left_day, 'year', back_day, CASE WHEN return_year IS NULL THEN 'unknown' ELSE 'year' END,
       CASE WHEN return_year IS NULL THEN least(left_day + 1, back_day) END, exit_year
    FROM days WHERE poverty = '3' AND left_day IS NOT NULL
UNION ALL
SELECT 'returned', CASE WHEN coalesce(return_year, exit_year) IS NULL AND identified_on IS NULL THEN NULL ELSE back_day END,
       CASE WHEN return_year IS NULL THEN 'unknown' ELSE 'year' END, NULL, '', NULL, return_year
    FROM days WHERE poverty = '3'
UNION ALL
SELECT CASE monitor WHEN '1' THEN 'unstable' WHEN '2' THEN 'edge' ELSE 'sudden' END, risk_identified_on,
       CASE WHEN risk_identified_on IS NULL THEN 'unknown' ELSE 'day' END,
       CASE WHEN cleared THEN greatest(coalesce(risk_cleared_on, asof), risk_identified_on) END,
       CASE WHEN NOT cleared THEN '' WHEN risk_cleared_on IS NULL THEN 'unknown' ELSE 'day' END,
       CASE WHEN cleared AND risk_cleared_on IS NULL
            THEN coalesce(least(risk_identified_on + 1, greatest(asof, risk_identified_on)), asof) END, NULL
    FROM days CROSS JOIN (SELECT coalesce(risk_cleared, risk_cleared_on IS NOT NULL) AS cleared) c
    WHERE monitor IS NOT NULL
$$
"""

# Rows of before. A household with a record of a year was in the register in that year: what began at an unknown day
# began by then.
CARRY = """
INSERT INTO households_spell (household_id, village_id, klass_id, axis, code, since, since_known, until, until_known,
    sure_until, proven_on, year, origin, end_origin, document, recorded_at)
SELECT h.id, h.village_id, s.klass, '', '', s.since, s.since_known,
    s.until, s.until_known, s.sure_until, h.data_date, s.year, 'carried',
    CASE WHEN s.until IS NULL THEN '' ELSE 'carried' END,
    CASE WHEN e.by_id IS NOT NULL AND h.exit_status = '0' THEN '录入登记，未经名单' ELSE '' END, now()
FROM households_household h
CROSS JOIN LATERAL stated_spells(h.exit_status, h.household_type, h.identified_on, h.exit_year, h.return_year,
    h.monitor_type, h.risk_identified_on, h.risk_cleared, h.risk_cleared_on, coalesce(h.data_date, register_today())) s
LEFT JOIN LATERAL (
    SELECT v.by_id FROM households_registerevent v
    WHERE v.household_id = h.id AND v.household_change = '01' AND v.reason = '' ORDER BY v.id LIMIT 1) e ON true
WHERE NOT h.candidate;

UPDATE households_spell s SET until = h.removed_on, until_known = 'day', end_origin = 'closed'
FROM households_household h
WHERE h.id = s.household_id AND h.removed_on IS NOT NULL AND s.until IS NULL
  AND (s.since IS NULL OR s.since <= h.removed_on);

INSERT INTO households_episode (spell_id, risks, details, wanted, clear_way, snapshot)
SELECT s.id, h.risks, '{}', '', h.risk_clear_way, '{}' FROM households_spell s
JOIN households_household h ON h.id = s.household_id WHERE s.axis = 'monitoring';

UPDATE households_spell s SET origin = 'list', batch_id = b.id
FROM households_batch b JOIN households_batchentry e ON e.batch_id = b.id AND e.state = 'listed',
     households_standingclass c
WHERE s.household_id = e.household_id AND b.state = 'done' AND c.key = s.klass_id AND b.kind = ANY (c.opened_by)
  AND (s.since IS NULL OR s.since = b.ended_on OR s.year = b.year);

INSERT INTO households_openingstock (county_id, closed_on, counts)
SELECT DISTINCT left(village_id, 6), register_today(), '{}'::jsonb FROM households_household
"""

RESTORE_TYPE = """
UPDATE households_household SET household_type = '02' WHERE candidate AND household_type = ''
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0014_standing")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (CLASSES, STANDING_ON, CLASS_OF, STATED, RESTORE_TYPE)
    ] + [
        migrations.RunSQL(
            # The projection follows the rows of before, which are written before anything guards them.
            PROJECT.split("CREATE TRIGGER standing_inserted")[0] + CARRY + ";\nSET CONSTRAINTS ALL IMMEDIATE"
            + ";\nSELECT project_standing(ARRAY(SELECT id FROM households_household));\n"
            + "CREATE TRIGGER standing_inserted" + PROJECT.split("CREATE TRIGGER standing_inserted", 1)[1],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(GUARD + ORIGINS, migrations.RunSQL.noop),
    ]
