"""Narrowing a list of households or people by the figures of an address."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from households.eligibility import measures
from households.figures.dimensions import DIMENSIONS
from households.figures.frozen import is_frozen
from households.figures.joined import counted_households, joined_households, under, with_their_year
from households.figures.parts import OF_PERSON
from households.models import Assessment, Household, Member
from villages.models import User

NOTHING = Q(pk__in=[])


def narrow_households(
    rows: QuerySet, figures: Iterable[str], year: int, user: User | None, places: Iterable[str] = ()
) -> QuerySet:
    """Households for which every figure holds; a figure of people holds where some counted member has it.

    ``places`` where the rows lie, if it is known: people are looked for under them. The measures of the dashboard
    (households.eligibility.measures) are figures too. A figure that is none leaves none.
    """
    wanted, places = Q(), [] if is_frozen(year) else list(places)  # a closed year counts them where they lived then
    for text in figures:
        of, condition = _condition(text, year, places)
        if of == OF_PERSON:
            theirs = with_their_year(Member.objects.all(), year, places).filter(lived__household=OuterRef("pk"))
            condition = Q(Exists(theirs.filter(condition)))
        wanted &= condition
    return joined_households(rows, year, places).filter(wanted)


def narrow_people(rows: QuerySet, figures: Iterable[str], year: int) -> QuerySet:
    """Counted people (:func:`counted_people`) for whom every figure holds, those of households by the household that
    counts them."""
    wanted, at_home = Q(), Q()
    for text in figures:
        of, condition = _condition(text, year)
        if of == OF_PERSON:
            wanted &= condition
        else:
            at_home &= condition
    rows = rows.filter(wanted)
    if at_home:
        homes = counted_households(Household.objects.all(), year).filter(at_home)
        rows = rows.filter(lived__household__in=homes.order_by().values("pk"))
    return rows


def _condition(text: str, year: int, places: Iterable[str] = ()) -> tuple[str, Q]:
    """What a figure is of, and its condition on joined rows."""
    code, _, name = text.partition(".")
    if code in DIMENSIONS:
        bucket = DIMENSIONS[code].bucket(name, year)
        return DIMENSIONS[code].of, bucket.rows if bucket else NOTHING
    judged = Assessment.objects.filter(measures.figure(text), year=year, household=OuterRef("pk"))
    return "", Q(Exists(judged.filter(under("village_id", places))))
