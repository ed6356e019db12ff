"""Signs of invented data: each finds what it is for, and leaves honest villages alone."""

from __future__ import annotations

import numpy as np
import pytest

from audits.detection.signs import bunching, copies, crossing, digits, edits, shape, visits
from audits.detection.signs.chance import Sign, earned, likelier_counts, settled, together, unusual_counts
from audits.detection.signs.whole import level
from tests.audits.planted import PLANTERS
from tests.audits.trials import KIND_OF, tried

NAN = float("nan")


def villages(count: int, size: int) -> np.ndarray:
    return np.repeat(np.arange(count), size)


def test_households_written_from_below_the_line_to_just_above_it_stand_out() -> None:
    rng = np.random.default_rng(1)
    village, ratio = villages(60, 50), rng.uniform(0.5, 1.5, 3000)
    lifted = np.flatnonzero((village == 7) & (ratio > 0.85) & (ratio <= 1))
    ratio[lifted] = 1.02
    sign = bunching.bunching(village, ratio, np.full(3000, NAN), 60)
    assert sign.score.argmax() == 7
    assert sign.observed[7] > sign.expected[7] + 4
    assert set(lifted) <= set(sign.rows[7])


def test_a_poor_village_is_not_suspicious() -> None:
    rng = np.random.default_rng(2)
    village, ratio = villages(60, 50), rng.uniform(0.5, 1.5, 3000)
    ratio[village == 3] = rng.uniform(0.85, 1.05, 50)  # all of it lives around the line, as the county does there
    assert bunching.bunching(village, ratio, np.full(3000, NAN), 60).p[3] > 0.01


def test_a_village_with_nobody_around_the_line_is_not_judged() -> None:
    village, ratio = villages(30, 20), np.full(600, 2.0)
    assert not bunching.bunching(village, ratio, np.full(600, NAN), 30).judged.any()


def test_what_was_corrected_upwards_over_the_line_counts_and_downwards_does_not() -> None:
    village, ratio, first = villages(40, 30), np.full(1200, 0.95), np.full(1200, NAN)
    ratio[:5] = 1.02
    first[:5] = 0.9
    ratio[30:35], first[30:35] = 0.9, 1.02
    sign = crossing.written_up(village, ratio, first, 40)
    assert sign.observed[:2].tolist() == [5, 0]
    assert sign.p[0] < 0.001
    assert sign.rows == {0: [0, 1, 2, 3, 4]}


def test_a_jump_that_one_transfer_carries() -> None:
    before, items = np.zeros((80, 10)), np.zeros((80, 10))
    before[:, 0], items[:, 0] = 900, 905
    items[:4, 8] = 100
    ratio, was = np.full(80, 0.905), np.full(80, 0.9)
    ratio[:4] = 1.005
    sign = crossing.carried_jumps(villages(4, 20), items, before, ratio, was, [3, 4, 5, 6, 7, 8], 4)
    assert sign.observed.tolist() == [4, 0, 0, 0]
    unknown = np.full(before.shape, NAN)
    blind = crossing.carried_jumps(villages(4, 20), items, unknown, ratio, was, [8], 4)
    assert not blind.judged.any()  # what last year's amounts were is not recorded, so nothing is said to have risen
    items[:4, 0], items[:4, 8] = 1005, 0  # by work
    assert not crossing.carried_jumps(villages(4, 20), items, before, ratio, was, [8], 4).observed.any()


def test_copied_amounts_are_found_common_ones_are_not() -> None:
    rng = np.random.default_rng(3)
    items = np.zeros((600, 10))
    items[:, 0], items[:, 1] = rng.integers(5e5, 3e6, 600) / 100, rng.integers(1e5, 9e5, 600) / 100
    items[:, 6] = 1380.0
    items[5], items[9] = items[4], items[4] + [0, 0, 0, 0, 0, 0, 0, 0, 300, 0]
    sign, groups = copies.copies(villages(20, 30), np.full(600, 3.0), items, 20)
    assert groups == {0: [[4, 5, 9]]}
    assert sign.observed[0] == 2


def test_copies_from_a_family_of_another_size_are_found_a_head() -> None:
    rng = np.random.default_rng(3)
    items, persons = np.zeros((300, 10)), np.full(300, 2.0)
    items[:, 0], items[:, 1] = rng.integers(5e5, 3e6, 300) / 100, rng.integers(1e5, 9e5, 300) / 100
    persons[8], items[8] = 4.0, items[3] * 2
    assert copies.copies(villages(10, 30), persons, items, 10)[1] == {0: [[3, 8]]}


def test_last_years_amounts_written_again() -> None:
    rng = np.random.default_rng(3)
    items = rng.integers(1, 9**6, (400, 10)) / 100
    before = items * 1.1
    before[:8] = items[:8]
    sign = copies.repeated(villages(20, 20), items, before, 20)
    assert sign.observed[0] == 8
    assert sign.p[0] < 1e-4


def test_amounts_that_end_in_0_and_5() -> None:
    rng = np.random.default_rng(4)
    amount = rng.integers(9000, 60_000, 2000).astype(float)
    amount[:40] = np.round(amount[:40] / 5) * 5
    sign, table = digits.last_digits(villages(50, 40), amount, 50)
    assert sign.score.argmax() == 0
    assert table[0].sum() == 40
    assert digits.digits_of(np.array([NAN, 14_203.57, 3.0])).tolist() == [-1, 3, -1]


def made_edits(**facts: object) -> edits.Edits:
    rng = np.random.default_rng(5)
    plain = {
        "group": villages(30, 20),
        "account": villages(30, 20),
        "hour": rng.integers(8, 20, 600),
        "minute": rng.permutation(600) * 500.0,
        "days_before": np.full(600, NAN),
        "household": np.arange(600),
    }
    return edits.Edits(**plain | facts)  # type: ignore[arg-type]


def test_nights_before_an_approval() -> None:
    hour, before = np.full(600, 10), np.full(600, NAN)
    hour[:8], before[:8] = 23, 2
    sign = together([*edits.edits(made_edits(hour=hour, days_before=before), 30).values()])
    assert sign.p[0] < 1e-4
    assert (sign.p[1:] > 0.01).all()


def test_bulk_is_many_households_by_one_account_within_minutes() -> None:
    minute = np.arange(600) * 500.0
    minute[:8] = np.arange(8)
    assert edits.bulk(villages(30, 20), minute, np.arange(600)).sum() == 8
    assert not edits.bulk(villages(30, 20), minute, np.zeros(600)).any()  # one household corrected again and again


def test_photos_used_again_and_visits_written_at_the_desk() -> None:
    plain = {"group": villages(20, 20), "account": np.arange(400), "household": np.arange(400)}
    again = visits.Visits(**plain, day=np.arange(400), minute=np.arange(400) * 99.0, photo=np.r_[[7] * 6, 100:494])
    assert visits.reused(again, 20).observed[0] == 6
    minute = np.arange(400) * 99.0
    minute[:5] = [1, 3, 5, 8, 10]
    desk = visits.Visits(villages(20, 20), villages(20, 20), np.arange(400), np.arange(400), minute, np.full(400, -1))
    assert visits.at_the_desk(desk, 20).observed.tolist() == [5.0] + [0.0] * 19
    assert not visits.reused(desk, 20).observed.any()


def test_nobody_visits_sixteen_households_a_day() -> None:
    day = np.r_[np.zeros(16), 1:85]
    rows = visits.Visits(villages(5, 20), np.zeros(100), np.arange(100), day, np.arange(100) * 99.0, np.arange(100))
    assert visits.too_many(rows, 5).observed.tolist() == [16, 0, 0, 0, 0]


def test_what_a_tenth_of_the_county_does_is_custom() -> None:
    p = np.r_[np.full(15, 1e-6), np.linspace(0.05, 1, 85)]
    assert settled(p, np.ones(100, bool)).min() > 0.04
    few = np.r_[np.full(3, 1e-6), np.linspace(0.05, 1, 97)]
    assert settled(few, np.ones(100, bool)).min() < 1e-5


def test_counts_are_measured_by_the_countys_own_rate() -> None:
    count, exposed = np.r_[12.0, np.tile([0.0, 1.0], 30)], np.full(61, 20.0)
    p, expected = unusual_counts(count, exposed)
    assert p[0] < 1e-5 < p[2]
    assert 0.3 < expected[0] < 1.0


def test_a_count_is_ranked_by_how_likely_a_lie_explains_it() -> None:
    exposed = np.tile([3.0, 6.0, 12.0], 40)
    count = np.where(np.arange(120) % 7 == 0, 1.0, 0.0)
    count[:3] = [2, 2, 4]  # of 3, of 6, of 12: each about the third that is looked for, or more
    p, expected = likelier_counts(count, exposed, 1 / 3)
    assert set(np.argsort(p)[:3]) == {0, 1, 2}
    assert p[:3].max() < 0.03 < p[3:].min()
    assert expected[2] == pytest.approx(2 * expected[1])
    assert likelier_counts(np.zeros(2), np.zeros(2), 1 / 3)[0].tolist() == [1, 1]


def test_last_years_income_and_a_better_off_village_explain_who_stands_above() -> None:
    rng = np.random.default_rng(6)
    village, before = villages(60, 50), rng.uniform(0.6, 1.4, 3000)
    ratio = before * np.exp(rng.normal(0, 0.05, 3000))
    rows = np.flatnonzero((ratio > 0.85) & (ratio <= 1.05))
    above = ratio[rows] > 1
    chance = shape.expected_above(above, shape.known_of(rows, village, ratio, before, 60))
    assert chance[before[rows] > 1.1].mean() > 0.8
    assert chance[before[rows] < 0.9].mean() < 0.1
    assert chance.sum() == pytest.approx(above.sum(), rel=0.02)
    nothing = shape.expected_above(above, np.zeros((len(rows), 1)))
    assert nothing == pytest.approx(np.full(len(rows), above.mean()), abs=0.01)
    assert not len(shape.expected_above(above[:0], np.zeros((0, 1))))


def test_a_look_that_finds_villages_weighs_more_and_one_that_finds_none_as_before() -> None:
    ordinary = Sign(np.linspace(0.001, 1, 500), np.zeros(500), np.zeros(500), np.ones(500, bool))
    finds = Sign(np.r_[np.full(20, 1e-4), np.linspace(0.02, 1, 480)], np.zeros(500), np.zeros(500), np.ones(500, bool))
    assert earned([ordinary, finds], [1.0, 0.5]) == [1.0, pytest.approx(0.5 * 19**1.5, rel=0.2)]


def test_more_looks_are_paid_for() -> None:
    one = crossing.counted(villages(30, 20), np.arange(600) < 6, np.ones(600, bool), 30)
    none = crossing.counted(villages(30, 20), np.zeros(600, bool), np.ones(600, bool), 30)
    assert together([one, none]).p[0] == pytest.approx(2 * one.p[0], rel=0.01)
    assert together([one, one]).p[0] == pytest.approx(one.p[0])  # two that agree lose nothing
    assert level(0.0001) == "strong"
    assert level(0.001) == "middle"
    assert level(0.5) == "none"


@pytest.mark.parametrize("kind", ["lifted", "copied", "skipped", "invented", "night"])
def test_planted_villages_are_found_and_honest_ones_left_alone(kind: str) -> None:
    """One seed, and a small county where the lie leaves much behind; ``make bench`` tries twenty of full size."""
    villages, liars = (535, 20) if kind == "lifted" else (160, 6)
    trial = tried(PLANTERS[kind], KIND_OF[kind], seed=3, villages=villages, liars=liars)
    assert trial.found_by_kind >= 0.9
    assert trial.flagged <= 0.05
