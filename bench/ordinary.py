"""A county with everybody in it: 400,000 ordinary households beside the registered ones, copied in SQL into villages
of those that the demonstration has. What is asked of the county must not wait for them (design bars: section 5)."""

from bench import million, pages, province, recompute
from bench.measure import Figure, clocked, log
from bench.province import COUNTY, NUMBERS, Copy, filling, highest_keys, without_indexes
from households.models import Household

ORDINARY = 400_000
SAME = """
CREATE TEMP TABLE bench_village AS
SELECT %(county)s::text AS county, code AS source, code AS target
  FROM villages_place WHERE level = 5 AND code >= %(county)s AND code < %(county)s || ':';
CREATE INDEX ON bench_village (county, source);
ANALYZE bench_village
"""


def figures() -> list[Figure]:
    seconds = clocked(make)
    count = Household.objects.ordinary().count()
    made = Figure(f"{count:,} ordinary households, seconds to make", seconds, "s", detail=million.sizes())
    found = [made, *recompute_and_save()]
    for figure in pages.figures():
        figure.name += f", {count:,} ordinary ones beside them"
        found.append(figure)
    return found


def make() -> None:
    """Copies of all ordinary households, each into the village of its source."""
    with filling() as cursor:
        cursor.execute(SAME, {"county": COUNTY})
        cursor.execute(
            NUMBERS.format(only="AND removed_on IS NULL AND NOT in_register"),
            {"county": COUNTY, "first": province.FIRST_NUMBER},
        )
        cursor.execute("SELECT count(*) FROM bench_number")
        [source] = cursor.fetchone()
        steps = highest_keys()
        with without_indexes(cursor):
            for number in range(1, round(ORDINARY / source)):
                province.copy_county(cursor, Copy(number, COUNTY, steps, apart=number * source))
        cursor.execute("DROP TABLE bench_village, bench_number")
    log(f"  {Household.objects.ordinary().count():,} ordinary households")


def recompute_and_save() -> list[Figure]:
    """The county once more: ordinary households are not judged, and must not be paid for."""
    return [
        Figure(f"{each.name}, ordinary ones beside them", each.value, each.unit, each.bar, detail=each.detail)
        for each in recompute.figures()
    ]
