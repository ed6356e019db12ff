"""The look for invented data over a county's year: read, judge, keep."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from django.db import transaction

from audits.detection.facts import Books, books_of
from audits.detection.signs.chance import Floats, Sign as Found, together
from audits.detection.signs.edits import Edits, edits
from audits.detection.signs.visits import Visits, written
from audits.detection.signs.whole import FLAGGED, Judged, judge, level
from audits.models import DetectionRun, Sign
from povreg.kit.history import act
from villages.models import Place, User

Kind, Level = Sign.Kind, Sign.Level
EDGES = np.round(np.arange(0.70, 1.7001, 0.03), 2)
"""Bounds of the bars by income, as shares of the line; what lies outside is not drawn."""
MOST_HOUSEHOLDS = 300
MOST_GROUPS = 30
KEPT_RUNS = 12
"""Looks of a county's year that are kept."""


def detect(*, by: User | None, county: Place, year: int) -> DetectionRun:
    """Look over a county's year and keep what was found: a row for each village and kind that could be judged, and for
    each account that stands out. Earlier looks stay, the oldest go."""
    began = time.monotonic()
    books = books_of(county.pk, year)
    judged = judge(books.facts)
    with act(by=by, verb="detect"), transaction.atomic():
        run = DetectionRun.objects.create(
            county=county, year=year, households=len(books.households), villages=len(books.villages),
            seconds=round(time.monotonic() - began, 2), counts={}, looked=books.missing,
            line=books.line, shape=histogram(books.facts.ratio).tolist(),
        )  # fmt: skip
        rows = [*village_signs(run, books, judged), *account_signs(run, books)]
        Sign.objects.bulk_create(rows, batch_size=1000)
        run.counts = counts_of(rows, books, judged)
        run.save(update_fields=["counts"])
        old = DetectionRun.objects.filter(county=county, year=year).order_by("-made_at")[KEPT_RUNS:]
        DetectionRun.objects.filter(pk__in=[each.pk for each in old]).delete()
    return run


def histogram(ratio: Floats) -> Floats:
    return np.histogram(ratio[~np.isnan(ratio)], EDGES)[0]


def counts_of(rows: list[Sign], books: Books, judged: Judged) -> dict[str, dict[str, int]]:
    """By kind how many villages are strong, middle, none, and how many there was too little of."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if row.account_id is None:
            found.setdefault(row.kind, Counter())[row.level] += 1
    whole = len(books.villages)
    return {code: {**numbers, "unjudged": whole - numbers.total()} for code, numbers in found.items()}


def village_signs(run: DetectionRun, books: Books, judged: Judged) -> Iterator[Sign]:
    """Rows of villages: each kind, and all together."""
    size = np.bincount(books.facts.village, minlength=len(books.villages))
    overall = judged.overall
    for code, sign in [*judged.kinds.items(), (Kind.OVERALL.value, overall)]:
        parts = judged.parts.get(code, {})
        for each in np.flatnonzero(sign.judged):
            village = int(each)
            yield Sign(
                run=run,
                village_id=books.villages[village],
                kind=code,
                level=overall_level(overall.p[village]) if code == Kind.OVERALL else level(sign.p[village]),
                score=round(float(sign.score[village]), 3),
                size=int(size[village]),
                household_ids=households_of(books, code, sign, village),
                picture=picture_of(books, judged, code, village) | {"parts": parts_of(parts, village)},
                **shown_numbers(parts, sign, village),
            )


def overall_level(p: float) -> str:
    """Of all kinds together a village is called strong or middling only where it is worth a journey."""
    if p >= FLAGGED:
        return Level.NONE
    return Level.STRONG if p < FLAGGED / 10 else Level.MIDDLE


def shown_numbers(parts: Mapping[str, Found], sign: Found, village: int) -> dict[str, float]:
    """What was counted and what was to be expected: of the first look of a kind where it judged, which is drawn."""
    first = next(iter(parts.values()), sign)
    shown = first if first.judged[village] else sign
    return {"observed": round(float(shown.observed[village]), 2), "expected": round(float(shown.expected[village]), 2)}


def parts_of(parts: Mapping[str, Found], village: int) -> list[dict[str, Any]]:
    """Each look of a kind in numbers."""
    return [
        {
            "code": code,
            "observed": round(float(sign.observed[village]), 1),
            "expected": round(float(sign.expected[village]), 1),
            "level": level(float(sign.p[village])),
        }
        for code, sign in parts.items()
        if sign.judged[village]
    ]


def households_of(books: Books, code: str, sign: Found, village: int) -> list[int]:
    """The households behind a sign: edits and visits name them, the others number the record."""
    rows = sign.rows.get(village, [])[:MOST_HOUSEHOLDS]
    if code in (Kind.INCOME, Kind.COPIES, Kind.DIGITS):
        return list(dict.fromkeys(int(books.households[row]) for row in rows))
    return [row for row in rows if row > 0] if code != Kind.OVERALL else []


def picture_of(books: Books, judged: Judged, code: str, village: int) -> dict[str, Any]:
    """What is drawn of a village for a kind."""
    if code == Kind.INCOME:
        return {"bars": histogram(books.facts.ratio[books.facts.village == village]).tolist()}
    if code == Kind.DIGITS:
        return {"bars": judged.digits[village].astype(int).tolist()}
    if code == Kind.EDITS and books.facts.edits is not None:
        return {"bars": hours_of(books.facts.edits, books.facts.edits.group == village)}
    if code == Kind.COPIES:
        groups = judged.groups.get(village, [])[:MOST_GROUPS]
        return {"groups": [[int(books.households[row]) for row in group] for group in groups]}
    return {}


def hours_of(found: Edits, chosen: Floats) -> list[int]:
    """Changes by hour of the day."""
    return [int(count) for count in np.bincount(found.hour[chosen], minlength=24)]


def account_signs(run: DetectionRun, books: Books) -> Iterator[Sign]:
    """Rows of accounts that stand out by when and how they write."""
    if books.facts.edits is not None:
        yield from accounts_by(run, books, Kind.EDITS, books.facts.edits)
    if books.facts.visits is not None:
        yield from accounts_by(run, books, Kind.VISITS, books.facts.visits)


def accounts_by(run: DetectionRun, books: Books, kind: str, found: Edits | Visits) -> Iterator[Sign]:
    named = found.account >= 0
    accounts, group = np.unique(found.account[named], return_inverse=True)
    if not len(accounts):
        return
    own = type(found)(
        **{
            name: group.reshape(-1) if name == "group" else getattr(found, name)[named]
            for name in found.__dataclass_fields__
        }
    )
    parts = edits(own, len(accounts)) if isinstance(own, Edits) else written(own, len(accounts))  # type: ignore[arg-type]
    sign = together([*parts.values()])
    village = found.group[named]
    for each in np.flatnonzero(sign.judged & (sign.p < 0.05)):
        mine = group.reshape(-1) == each
        yield Sign(
            run=run,
            village_id=books.villages[int(np.bincount(village[mine]).argmax())],
            account_id=int(accounts[each]),
            kind=kind,
            level=level(float(sign.p[each])),
            score=round(float(sign.score[each]), 3),
            size=int(mine.sum()),
            observed=round(float(sign.observed[each]), 2),
            expected=round(float(sign.expected[each]), 2),
            household_ids=sign.rows.get(int(each), [])[:MOST_HOUSEHOLDS],
            picture={"parts": parts_of(parts, int(each))}
            | ({"bars": hours_of(own, own.group == each)} if isinstance(own, Edits) else {}),
        )
