"""What a spell may end by is looked up more closely: a spell that an order of correction wrote may end by the same order,
where the order names the wrong one before it; a department's class ends by a row of a department's list only."""

from django.db import migrations

ENDS = """
CREATE OR REPLACE FUNCTION spell_ends_rightly(s households_spell) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT s.until IS NULL OR CASE s.end_origin
    WHEN 'opening' THEN in_opening_stock(s.village_id)
    WHEN 'list' THEN on_approved_list(s.end_batch_id, s.household_id, c.closed_by)
    WHEN 'department' THEN c.by_department AND EXISTS (
        SELECT 1 FROM households_departmentrow d
        WHERE d.household_id = s.household_id
          AND CASE WHEN d.klass_id = s.klass_id THEN d.until = s.until ELSE d.since = s.until END)
    WHEN 'correction' THEN EXISTS (
        SELECT 1 FROM households_correctionorder o
        WHERE o.household_id = s.household_id AND (o.spell_id = s.id OR o.id = s.correction_id)
          AND o.approved_by_id IS NOT NULL AND o.approved_by_id <> o.ordered_by_id)
    WHEN 'next' THEN EXISTS (
        SELECT 1 FROM households_spell n
        WHERE n.household_id = s.household_id AND n.axis = s.axis AND n.id <> s.id AND n.since = s.until)
    WHEN 'closed' THEN EXISTS (
        SELECT 1 FROM households_household h WHERE h.id = s.household_id AND h.removed_on IS NOT NULL)
    WHEN 'split' THEN EXISTS (
        SELECT 1 FROM households_spell p WHERE p.id = s.copied_from_id AND p.until = s.until)
    ELSE false END
FROM households_standingclass c WHERE c.key = s.klass_id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0022_clearance")]

    operations = [migrations.RunSQL(ENDS, migrations.RunSQL.noop)]
