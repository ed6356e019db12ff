"""Forms of the quotas: a county's number, and its division over the places below; every rule is the verbs'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from households.models import Quota
from households.procedures.engine.cells import cell, number
from households.procedures.engine.forms import choice_field, text_field
from households.procedures.quotas.services import Method, Share
from villages.codes.controls import Number, Whole
from villages.models import Place

LINES = range(1, 6)
"""Factors that a form takes."""
COLUMNS = {
    Method.GIVEN: ("given",),
    Method.RATE: ("population", "rate"),
    Method.FACTORS: ("population", *(f"value{line}" for line in LINES)),
}
LABELS = {"given": "上级核定人数", "population": "乡村人口", "rate": "发生率（%）"}


def share_of(label: str) -> Number:
    """A per cent or a weight; whether it must be there is the method's question."""
    field = Number(label=label, required=False, max_digits=9, decimal_places=4)
    field.widget.attrs |= {"aria-label": label, "autocomplete": "off"}
    return field


def _cell(name: str) -> forms.Field:
    if name.startswith("value"):
        return share_of(f"因子{name[5:]}（%）")
    return share_of(LABELS[name]) if name == "rate" else number(LABELS[name])


def _known(row: Quota | None, name: str) -> Any:
    """What a quota was computed from, as its control shows it; a share is kept as text."""
    found = _factor(row.factors, name) if row else None
    return Decimal(found) if isinstance(found, str) else found


def _factor(factors: Mapping[str, Any], name: str) -> Any:
    if not name.startswith("value"):
        return factors.get(name)
    every = list(factors.get("values", {}).values())
    return next(iter(every[int(name[5:]) - 1 : int(name[5:])]), None)


def _plain(value: Any) -> Any:
    """As JSON keeps it: a decimal number as text, so that nothing is rounded."""
    return str(value) if isinstance(value, Decimal) else value


class FactorsForm(forms.Form):
    """The names and weights of the factors, where that is the method."""

    def add_factors(self, row: Quota | None) -> None:
        weights = list((row.factors if row else {}).get("weights", {}).items())
        for line in LINES:
            name, weight = weights[line - 1] if line <= len(weights) else ("", None)
            self.fields[f"factor{line}"] = cell(f"因子{line}名称", 20, name)
            self.fields[f"weight{line}"] = share_of(f"因子{line}权重")
            self.fields[f"weight{line}"].initial = Decimal(weight) if weight else None

    def factor_lines(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        return [(n, self[f"factor{n}"], self[f"weight{n}"]) for n in LINES if f"factor{n}" in self.fields]

    def factors(self, suffix: str = "") -> dict[str, Any]:
        """What a method computes from, of one place."""
        values = self.cleaned_data
        plain = ("given", "population", "rate")
        found = {name: _plain(values.get(name + suffix)) for name in plain if values.get(name + suffix) is not None}
        named = {line: values.get(f"factor{line}", "") for line in LINES}
        kept = {line: name for line, name in named.items() if name}
        if kept:
            found["values"] = {name: _plain(values.get(f"value{line}{suffix}")) for line, name in kept.items()}
            found["weights"] = {name: _plain(values.get(f"weight{line}")) for line, name in kept.items()}
        return found


class QuotaForm(FactorsForm):
    """The number of a county for the year."""

    method = choice_field("方法", Method.choices)
    given = Whole(label="上级核定人数", required=False, min_value=0, help_text="方法为上级核定的填写")
    population = Whole(label="乡村人口", required=False, min_value=0, help_text="按发生率或因子测算的填写")
    rate = Number(
        label="发生率（%）", required=False, max_digits=9, decimal_places=4, help_text="方法为低收入人口发生率的填写"
    )
    amount = Whole(
        label="核定人数", required=False, min_value=0, help_text="与测算相同的不填；上浮不超过测算人数的 10%"
    )
    reason = text_field("调整原因", required=False, help_text="核定与测算不同的必须写明")

    def __init__(self, *args: Any, row: Quota | None = None, people: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_factors(row)
        for line in LINES:
            self.fields[f"value{line}"] = _cell(f"value{line}")
            self.fields[f"value{line}"].initial = _known(row, f"value{line}")
        known = {name: _known(row, name) for name in LABELS}
        self.initial = {"method": row.method if row else Method.RATE, "population": people} | {
            name: value for name, value in known.items() if value is not None
        }
        if row:
            self.initial |= {"amount": row.amount if row.reason else None, "reason": row.reason}

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("method", "given", "population", "rate", "amount", "reason")]

    def lines(self) -> list[tuple[int, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(n, name, weight, self[f"value{n}"]) for n, name, weight in self.factor_lines()]

    def facts(self) -> dict[str, Any]:
        """What ``set_quota`` takes."""
        values = self.cleaned_data
        return {**{name: values[name] for name in ("method", "amount", "reason")}, "factors": self.factors()}


class DivideForm(FactorsForm):
    """One line a place below: its factor values by the method, and its number where that is to differ."""

    def __init__(
        self,
        *args: Any,
        method: str,
        places: Sequence[tuple[Place, Quota | None]],
        people: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.method, self.places = method, places
        self.row_faults: dict[int, str] = {}
        if method == Method.FACTORS:
            self.add_factors(next((row for _, row in places if row and row.method == method), None))
        for place, row in places:
            self._add(place.pk, row, people.get(place.pk))

    def _add(self, code: str, row: Quota | None, people: int | None) -> None:
        for name in COLUMNS[Method(self.method)]:
            self.fields[f"{name}-{code}"] = field = _cell(name)
            known = _known(row, name)
            field.initial = people if known is None and name == "population" else known
        self.fields[f"amount-{code}"] = number("核定人数")
        self.fields[f"amount-{code}"].initial = row.amount if row and row.reason else None
        self.fields[f"reason-{code}"] = cell("调整原因", 200, row.reason if row else "")

    def columns(self) -> list[str]:
        return [str(_cell(name).label) for name in COLUMNS[Method(self.method)]]

    def rows(self) -> list[dict[str, Any]]:
        names = (*COLUMNS[Method(self.method)], "amount", "reason")
        return [
            {
                "place": place,
                "quota": row,
                "cells": [self[f"{name}-{place.pk}"] for name in names],
                "fault": self.row_faults.get(int(place.pk), ""),
            }
            for place, row in self.places
        ]

    def shares(self) -> dict[str, Share]:
        """The lines that were filled in; one left empty stays as it is."""
        values, found = self.cleaned_data, {}
        for place, _ in self.places:
            factors = self.factors(f"-{place.pk}")
            typed = [values.get(f"{name}-{place.pk}") for name in (*COLUMNS[Method(self.method)], "amount")]
            if any(each is not None for each in typed):
                found[place.pk] = Share(factors, values[f"amount-{place.pk}"], values[f"reason-{place.pk}"])
        return found
