"""Sizes, draws and intervals of samples: against textbook values, an independent script, and simulation."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from audits.samples.design.draws import digest_of, draw
from audits.samples.design.estimates import Estimate, Looked, estimate, sum_of
from audits.samples.design.sizes import Stratum, allocate, size_for


@pytest.mark.parametrize(
    ("population", "margin", "rate", "size"),
    [
        (10**9, 0.05, 0.5, 385),
        (1000, 0.05, 0.5, 278),
        (33_000, 0.01, 0.02, 737),
        (10, 0.05, 0.5, 10),
        (0, 0.05, 0.5, 0),
    ],
)
def test_size_by_confidence_and_margin(population: int, margin: float, rate: float, size: int) -> None:
    assert size_for(population, 0.95, margin, rate) == size


def test_a_margin_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="shares"):
        size_for(1000, 0.95, 0, 0.5)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.tuples(st.integers(0, 300), st.sampled_from([1.0, 3.0])),
        max_size=8,
    ),
    st.integers(0, 600),
    st.integers(0, 5),
)
def test_what_is_spread_over_strata(strata: dict[str, tuple[int, float]], total: int, least: int) -> None:
    given_ = {code: Stratum(units, weight) for code, (units, weight) in strata.items()}
    shares = allocate(total, given_, least)
    floor = sum(min(least, each.units) for each in given_.values())
    assert all(min(least, given_[code].units) <= share <= given_[code].units for code, share in shares.items())
    assert sum(shares.values()) == max(floor, min(total, sum(each.units for each in given_.values())))


def test_shares_follow_units_and_risk() -> None:
    assert allocate(40, {"a": Stratum(100), "b": Stratum(300)}) == {"a": 10, "b": 30}
    assert allocate(60, {"a": Stratum(100, 3.0), "b": Stratum(300)}) == {"a": 30, "b": 30}
    assert allocate(4, {"a": Stratum(100), "b": Stratum(300)}, least=3) == {"a": 3, "b": 3}


INDEPENDENT = """
import csv, hashlib, sys
seed, n = sys.argv[2], int(sys.argv[3])
rows = {}
for stratum, unit in csv.reader(open(sys.argv[1])):
    rows.setdefault(stratum, []).append((hashlib.sha256(f"{seed}:{stratum}:{unit}".encode()).hexdigest(), unit))
for stratum in sorted(rows):
    for _, unit in sorted(rows[stratum])[:n]:
        print(stratum, unit)
"""


def test_a_draw_is_repeated_by_an_independent_script(tmp_path: Path) -> None:
    frame = [(f"5001542{place:02d}", f"5001542{place:02d}{number:05d}") for place in range(3) for number in range(40)]
    (tmp_path / "frame.csv").write_text("".join(f"{stratum},{unit}\n" for stratum, unit in reversed(frame)))
    (tmp_path / "again.py").write_text(textwrap.dedent(INDEPENDENT))
    command = [sys.executable, str(tmp_path / "again.py"), str(tmp_path / "frame.csv"), "7f3a", "5"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    drawn = draw("7f3a", frame, dict.fromkeys({stratum for stratum, _ in frame}, 5))
    assert told == [f"{stratum} {unit}" for stratum in sorted(drawn) for unit in drawn[stratum]]
    other = draw("7f3b", frame, dict.fromkeys({stratum for stratum, _ in frame}, 5))
    assert drawn != other


def test_a_frame_is_known_by_its_digest_whatever_its_order() -> None:
    frame = [("a", "1"), ("b", "2")]
    assert digest_of(frame) == digest_of(reversed(frame)) != digest_of([("a", "1"), ("b", "3")])


TRIES = 400


def looked(wrong: list[int], units: int, base: int = 1) -> Looked:
    return Looked(np.zeros(len(wrong), int), np.array(wrong, float), np.full(len(wrong), base, float), [units])


def test_an_interval_of_nothing_wrong_still_has_an_upper_end() -> None:
    found = estimate(looked([0] * 240, 40_000))
    assert found.rate == 0
    assert found.low == 0
    assert found.high == pytest.approx(0.0157, abs=0.0005)


def test_looking_at_everybody_leaves_no_doubt() -> None:
    found = estimate(looked([1, 0] * 60, 120))
    assert found.rate == 0.5
    assert found.high - found.low < 0.01


def test_the_sum_of_rates_lies_between_its_parts() -> None:
    half = Estimate(0.02, 0.01, 0.04, 200, 200.0)
    middle, low, high = sum_of([(0.5, half), (0.5, half)], certain=0.01)
    assert middle == pytest.approx(0.03)
    assert 0.01 + 0.01 < low < middle < high < 0.01 + 0.04


def simple(rng: np.random.Generator, rate: float) -> tuple[Looked, float]:
    """Households of unlike size; persons are counted."""
    base = np.random.default_rng(1).choice([1.0, 2, 3, 4, 5], 3000)
    wrong = (np.random.default_rng(2).random(3000) < rate) * base
    drawn = rng.choice(3000, 240, replace=False)
    return Looked(np.zeros(240, int), wrong[drawn], base[drawn], [3000]), wrong.sum() / base.sum()


FIXED = np.random.default_rng(3)
TOWNS = FIXED.integers(40, 300, 20)
TOWN_FACTORS = FIXED.gamma(4, 0.25, 20)
TOWN_SIZES = allocate(
    260, {str(each): Stratum(int(size), 1.0 + 2.0 * (each % 4 == 0)) for each, size in enumerate(TOWNS)}, 3
)
VILLAGES = FIXED.integers(30, 90, 200)


@cache
def books(rate: float) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Where something is wrong: by township, by village."""
    made = np.random.default_rng(4)
    towns = [made.random(size) < rate * each for size, each in zip(TOWNS, TOWN_FACTORS, strict=True)]
    shares = made.beta(30 * rate, 30 - 30 * rate, 200)
    return towns, [made.random(size) < share for size, share in zip(VILLAGES, shares, strict=True)]


def stratified(rng: np.random.Generator, rate: float) -> tuple[Looked, float]:
    """Twenty townships, every fourth drawn three times as often."""
    wrong = books(rate)[0]
    drawn = [rng.choice(wrong[each], TOWN_SIZES[str(each)], replace=False) for each in range(20)]
    stratum = np.repeat(np.arange(20), [len(each) for each in drawn])
    seen = np.concatenate(drawn).astype(float)
    return Looked(stratum, seen, np.ones(len(seen)), list(TOWNS)), sum(map(sum, wrong)) / TOWNS.sum()


def clustered(rng: np.random.Generator, rate: float) -> tuple[Looked, float]:
    """Thirty of two hundred villages, ten households in each."""
    wrong = books(rate)[1]
    villages = rng.choice(200, 30, replace=False)
    seen = np.concatenate([rng.choice(wrong[each], 10, replace=False) for each in villages]).astype(float)
    units = [int(each) for each in VILLAGES[villages]]
    made = Looked(np.zeros(300, int), seen, np.ones(300), units, np.repeat(np.arange(30), 10), [200])
    return made, sum(map(sum, wrong)) / VILLAGES.sum()


@pytest.mark.parametrize(
    ("design", "rate"), [(simple, 0.05), (simple, 0.9), (stratified, 0.05), (stratified, 0.9), (clustered, 0.05)]
)
def test_intervals_cover_what_they_say(design: Callable[..., tuple[Looked, float]], rate: float) -> None:
    rng = np.random.default_rng(2026)
    hits = 0
    for _ in range(TRIES):
        seen, truth = design(rng, rate)
        found = estimate(seen)
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / TRIES <= 0.97
