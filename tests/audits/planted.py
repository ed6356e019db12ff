"""Honest counties and what liars do to them: arrays only, written from what audits have found, not from what the
product looks at. Tests and ``bench/detection.py`` try the detector on them.

Amounts are yuan. One county: villages of uneven size and wealth, incomes of two years that hang together, ten items a
household, visits by helpers, edits by accounts of the village, approvals in autumn.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

LINE = 8800.0
LINE_BEFORE = 8300.0
ITEMS = 10  # wages, business, property, six transfers, expense of business
WAGE, BUSINESS, PROPERTY, PENSION, OTHER, EXPENSE = 0, 1, 2, 6, 8, 9
QUARTERS = 4
APPROVAL = 320  # day of the year


@dataclass
class County:
    """What is in the books of a county for a year. Rows of ``items`` are households; visits and edits are tables of
    their own, each row with the household it is about."""

    village: np.ndarray
    persons: np.ndarray
    items: np.ndarray
    before: np.ndarray  # net income a head of the year before; nan where there is none
    first: np.ndarray  # net income a head as the record said when it was made; nan where it was not changed since
    visit_of: np.ndarray
    visit_day: np.ndarray
    visit_photo: np.ndarray  # a number for the picture's content
    visit_minute: np.ndarray  # minute of the year at which it was entered
    visit_account: np.ndarray
    edit_of: np.ndarray
    edit_hour: np.ndarray
    edit_day: np.ndarray
    edit_account: np.ndarray
    liars: list[int] = field(default_factory=list)

    @property
    def per_head(self) -> np.ndarray:
        return (self.items[:, :EXPENSE].sum(axis=1) - self.items[:, EXPENSE]) / self.persons

    @property
    def villages(self) -> int:
        return int(self.village.max()) + 1


def honest_county(rng: np.random.Generator, villages: int = 535, households: int = 33_000) -> County:
    """A county in which nobody lies. People are poorer in some villages than in others, helpers are lazier in some,
    some cadres round their figures, some work late."""
    weights = rng.gamma(6.0, 1.0, villages)
    village = np.sort(rng.choice(villages, households, p=weights / weights.sum()))
    persons = rng.choice([1, 2, 3, 4, 5, 6], households, p=[0.08, 0.2, 0.27, 0.27, 0.12, 0.06])
    wealth = rng.normal(0, 0.12, villages)[village] + rng.normal(0, 0.33, households)
    before = LINE_BEFORE * 1.33 * np.exp(wealth + rng.normal(0, 0.14, households))
    now = LINE * 1.33 * np.exp(wealth + rng.normal(0, 0.14, households))
    items = split(rng, now * persons, rng.random(villages)[village] < 0.3)
    before[rng.random(households) < 0.05] = np.nan
    now = (items[:, :EXPENSE].sum(axis=1) - items[:, EXPENSE]) / persons
    corrected = rng.random(households) < 0.15  # up or down, whatever the line
    first = np.where(corrected, now * np.exp(rng.normal(0, 0.08, households)), np.nan)
    return County(
        village, persons, items, before, first, **visits(rng, village, villages), **edits(rng, village, villages)
    )


def split(rng: np.random.Generator, net: np.ndarray, rounded: np.ndarray) -> np.ndarray:
    """A household's net income as ten items; a third of the villages writes whole tens."""
    count = len(net)
    items = np.zeros((count, ITEMS))
    items[:, EXPENSE] = net * rng.uniform(0.02, 0.15, count)
    items[:, PENSION] = np.where(rng.random(count) < 0.35, 1380.0 * rng.choice([1, 2], count), 0)
    items[:, 7] = rng.choice([0.0, 0.0, 300.0, 450.0], count)
    items[:, OTHER] = np.where(rng.random(count) < 0.4, rng.uniform(100, 1500, count), 0)
    rest = np.maximum(net + items[:, EXPENSE] - items[:, 3:EXPENSE].sum(axis=1), 0)
    works = rng.random(count) < 0.7
    wage = np.where(works, rng.uniform(0.5, 0.85, count), 0)
    items[:, WAGE] = rest * wage
    items[:, BUSINESS] = rest * (1 - wage) * rng.uniform(0.7, 1.0, count)
    items[:, PROPERTY] = rest - items[:, WAGE] - items[:, BUSINESS]
    return np.where(rounded[:, None], np.round(items / 10) * 10, np.round(items, 2))


def visits(rng: np.random.Generator, village: np.ndarray, villages: int) -> dict[str, np.ndarray]:
    """About one visit a quarter; some helpers miss some. Entered the same day or within the week, with a photo."""
    diligence = np.clip(rng.beta(40, 2, villages), 0.8, 1.0)
    made = rng.random((len(village), QUARTERS)) < diligence[village][:, None]
    household, quarter = np.nonzero(made)
    count = len(household)
    day = quarter * 91 + rng.integers(0, 91, count)
    late = np.minimum(rng.geometric(0.5, count) - 1, 7)
    helper = village[household] * 12 + rng.integers(0, 12, len(village))[household]
    return {
        "visit_of": household,
        "visit_day": day,
        "visit_photo": np.arange(count),
        "visit_minute": (day + late) * 1440 + rng.integers(8 * 60, 21 * 60, count),
        "visit_account": helper,
    }


def edits(rng: np.random.Generator, village: np.ndarray, villages: int) -> dict[str, np.ndarray]:
    """Corrections over the year, more before the campaign closes, mostly in working hours; some people work late."""
    household = np.flatnonzero(rng.random(len(village)) < 0.6)
    household = np.concatenate([household, rng.choice(household, len(household) // 3)])
    count = len(household)
    day = np.where(rng.random(count) < 0.25, APPROVAL - 1 - rng.integers(0, 14, count), rng.integers(0, 365, count))
    owls = rng.random(villages) < 0.15
    late = rng.random(count) < np.where(owls[village[household]], 0.06, 0.01)
    hour = np.where(late, rng.choice([22, 23, 0], count), rng.choice(np.arange(8, 21), count))
    account = village[household] * 3 + rng.choice([0, 0, 1, 2], count)
    return {"edit_of": household, "edit_hour": hour, "edit_day": day, "edit_account": account}


def choose_liars(rng: np.random.Generator, county: County, number: int = 20, least: int = 20) -> list[int]:
    """Which villages will lie: any with ``least`` households."""
    sizes = np.bincount(county.village, minlength=county.villages)
    return [int(each) for each in rng.choice(np.flatnonzero(sizes >= least), number, replace=False)]


def lift_over_the_line(rng: np.random.Generator, county: County, liars: list[int], share: float = 1 / 3) -> None:
    """A share of the households up to 15 % below the line are written up to within 5 % above it, each by one item: the
    record was there, and is changed."""
    head = county.per_head
    for liar in liars:
        below = np.flatnonzero((county.village == liar) & (head >= 0.85 * LINE) & (head <= LINE))
        lifted = rng.choice(below, whole(rng, len(below) * share), replace=False) if len(below) else below
        for household in lifted:
            more = (LINE * rng.uniform(1.0005, 1.05) - head[household]) * county.persons[household]
            county.items[household, rng.choice([WAGE, BUSINESS, OTHER])] += round(more, 2)
            county.first[household] = head[household]
    county.liars = liars


def lift_at_entry(rng: np.random.Generator, county: County, liars: list[int], share: float = 1 / 3) -> None:
    """The same, but the records were invented when they were made: no other value was ever in the books."""
    kept = county.first.copy()
    lift_over_the_line(rng, county, liars, share)
    county.first = kept


def whole(rng: np.random.Generator, number: float) -> int:
    return int(number) + int(rng.random() < number % 1)


def copy_incomes(rng: np.random.Generator, county: County, liars: list[int], share: float = 0.1) -> None:
    """A share of the households gets the items of a neighbour."""
    for liar in liars:
        here = np.flatnonzero(county.village == liar)
        copied = rng.choice(here, whole(rng, len(here) * share), replace=False)
        for household in copied:
            county.items[household] = county.items[rng.choice(np.setdiff1d(here, copied))]
    county.liars = liars


def skip_visits(rng: np.random.Generator, county: County, liars: list[int], share: float = 0.2) -> None:
    """A share of the visits was never made, and nobody wrote one."""
    keep = ~(np.isin(county.village[county.visit_of], liars) & (rng.random(len(county.visit_of)) < share))
    for name in ("visit_of", "visit_day", "visit_photo", "visit_minute", "visit_account"):
        setattr(county, name, getattr(county, name)[keep])
    county.liars = liars


def invent_visits(rng: np.random.Generator, county: County, liars: list[int], share: float = 0.2) -> None:
    """A share of the visits was never made, but written: at the desk, one after the other, with a photo at hand."""
    for liar in liars:
        here = np.flatnonzero(county.village[county.visit_of] == liar)
        made_up = rng.choice(here, whole(rng, len(here) * share), replace=False)
        county.visit_photo[made_up] = rng.choice(county.visit_photo[np.setdiff1d(here, made_up)], len(made_up))
        evening = 330 * 1440 + 14 * 60
        county.visit_minute[made_up] = evening + np.cumsum(rng.integers(1, 4, len(made_up)))
        county.visit_account[made_up] = county.visit_account[made_up[0]]
    county.liars = liars


def edit_by_night(rng: np.random.Generator, county: County, liars: list[int], share: float = 0.4) -> None:
    """In the three nights before the approval one account goes over part of the village's records."""
    extra: dict[str, list[np.ndarray]] = {name: [] for name in ("edit_of", "edit_hour", "edit_day", "edit_account")}
    for liar in liars:
        here = np.flatnonzero(county.village == liar)
        some = rng.choice(here, max(4, whole(rng, len(here) * share)), replace=False)
        extra["edit_of"].append(some)
        extra["edit_hour"].append(rng.choice([22, 23, 0, 1], len(some)))
        extra["edit_day"].append(APPROVAL - rng.integers(1, 4, len(some)))
        extra["edit_account"].append(np.full(len(some), liar * 3))
    for name, found in extra.items():
        setattr(county, name, np.concatenate([getattr(county, name), *found]))
    county.liars = liars


PLANTERS = {
    "lifted": lift_over_the_line,
    "lifted at entry": lift_at_entry,
    "copied": copy_incomes,
    "skipped": skip_visits,
    "invented": invent_visits,
    "night": edit_by_night,
}
