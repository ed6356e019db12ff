"""What the recompute is held against: the same verdicts by hand, as one plain statement for one rule set.

It knows nothing of versions, sets per place, evidence pages or flips; it reads the same rows and writes the same number
of rows of the same table shape.
"""

TARGET = """
DROP TABLE IF EXISTS bench_assessment;
CREATE TABLE bench_assessment (LIKE households_assessment INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING IDENTITY);
"""

STATEMENT = """
INSERT INTO bench_assessment (
    household_id, village_id, year, criteria_set_id, line_id, line_amount, persons, net_income, per_head, margin,
    verdict, failed, missing, evidence, borderline, blockers, eligible, gaps, filled, fields, assessed_at
)
WITH people AS (
    SELECT m.household_id,
           greatest(count(*), 1) AS persons,
           count(*) FILTER (
               WHERE m.birth_date > date '2004-09-01' AND m.birth_date <= date '2014-09-01' AND y.school_status = '01'
                 AND coalesce(y.dropout_reason, '') NOT IN ('01', '02', '03', '04')
           ) AS out_of_school,
           count(*) FILTER (
               WHERE m.birth_date > date '2004-09-01' AND m.birth_date <= date '2014-09-01'
                 AND coalesce(y.school_status, '') = ''
           ) AS school_unknown,
           count(*) FILTER (
               WHERE coalesce(y.ins_resident, y.ins_employee) IS NULL
           ) AS insurance_unknown,
           count(*) FILTER (
               WHERE coalesce(y.ins_resident, y.ins_employee) IS NOT NULL
                 AND NOT coalesce(y.ins_resident, false) AND NOT coalesce(y.ins_employee, false)
           ) AS uninsured
      FROM households_member m
      LEFT JOIN households_memberyear y ON y.member_id = m.id AND y.year = 2020
     WHERE m.village_id >= '500154' AND m.village_id < '500154:'
       AND (m.left_on IS NULL OR m.left_on > date '2020-09-30')
     GROUP BY m.household_id
), facts AS (
    SELECT h.id, h.village_id, h.identified_on, h.return_year, coalesce(p.persons, 1) AS persons,
           p.out_of_school, p.school_unknown, p.uninsured, p.insurance_unknown, a.*,
           CASE WHEN num_nonnulls(a.wage_income, a.business_income, a.property_income, a.tr_family_planning, a.tr_dibao,
                                  a.tr_wubao, a.tr_pension, a.tr_eco, a.tr_other, a.business_expense) > 0 THEN
               coalesce(a.wage_income, 0) + coalesce(a.business_income, 0) + coalesce(a.property_income, 0)
               + coalesce(a.tr_family_planning, 0) + coalesce(a.tr_dibao, 0) + coalesce(a.tr_wubao, 0)
               + coalesce(a.tr_pension, 0) + coalesce(a.tr_eco, 0) + coalesce(a.tr_other, 0)
               - coalesce(a.business_expense, 0) END AS net
      FROM (SELECT id, village_id, identified_on, return_year FROM households_household
             WHERE village_id >= '500154' AND village_id < '500154:' AND removed_on IS NULL) h
      LEFT JOIN people p ON p.household_id = h.id
      LEFT JOIN (
          SELECT household_id, wage_income, business_income, property_income, tr_family_planning, tr_dibao, tr_wubao,
                 tr_pension, tr_eco, tr_other, business_expense, food, clothing, water_safe, house_grade, house_security
            FROM households_annualrecord WHERE year = 2020 AND village_id >= '500154' AND village_id < '500154:'
      ) a ON a.household_id = h.id
), judged AS (
    SELECT f.*, round(net / persons, 2) AS head,
           array_remove(ARRAY[
               CASE WHEN round(net / persons, 2) <= 4000 THEN 'income' END,
               CASE WHEN NOT food THEN 'food' END,
               CASE WHEN NOT clothing THEN 'clothing' END,
               CASE WHEN NOT water_safe THEN 'water' END,
               CASE WHEN out_of_school > 0 THEN 'education' END,
               CASE WHEN uninsured > 0 THEN 'medical' END,
               CASE WHEN house_grade IN ('C', 'D') AND house_security = '' THEN 'housing' END
           ], NULL) AS no,
           array_remove(ARRAY[
               CASE WHEN net IS NULL THEN 'income' END,
               CASE WHEN food IS NULL THEN 'food' END,
               CASE WHEN clothing IS NULL THEN 'clothing' END,
               CASE WHEN water_safe IS NULL THEN 'water' END,
               CASE WHEN out_of_school = 0 AND school_unknown > 0 THEN 'education' END,
               CASE WHEN uninsured = 0 AND insurance_unknown > 0 THEN 'medical' END,
               CASE WHEN coalesce(house_grade, '') = '' AND coalesce(house_security, '') = '' THEN 'housing' END
           ], NULL) AS unknown
      FROM facts f
)
SELECT id, village_id, 2020, %(set)s, %(line)s, 4000, persons, net, head, head / 4000 - 1,
       CASE WHEN no <> '{}' THEN 'fail' WHEN unknown <> '{}' THEN 'missing' ELSE 'pass' END,
       no, unknown,
       jsonb_build_object('income', jsonb_build_object('net', net, 'per_head', head), 'housing', house_grade,
                          'education', out_of_school, 'medical', uninsured),
       coalesce(head > 4000 AND head / 4000 - 1 < 0.1, false), '{}'::text[], no = '{}' AND unknown = '{}', '{}'::text[],
       0, 0, now()
  FROM judged
"""
