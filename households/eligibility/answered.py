"""Criteria that one answer decides: yes, no, or not recorded."""

from households.eligibility.criterion import MISSING, NO_RECORD, Case, Criterion, Remedy, decided, yes_no
from households.register.completeness import item
from households.register.terms import Filled, Is, Not


def answer_remedy(case: Case, column: str, word: str, advice: str) -> list[Remedy]:
    """What to do about an answer in the section of the guarantees; ``advice`` where it is no."""
    if case.result == MISSING:
        return case.remedy(f"{word}{case.assessment.year}年没有记录：现在填写。", "guarantees", column)
    return case.remedy(f"{word}记录为“否”：{advice}", "guarantees", column)


def answered(order: int, code: str, label: str, *, column: str, short: str, advice: str) -> Criterion:
    """The criterion that a column of the year's record answers; ``advice`` says what to do where the answer is no."""
    fact = f"annual.{column}"

    def value(case: Case) -> str:
        return yes_no(case.evidence[column]) if column in case.evidence else NO_RECORD

    return Criterion(
        order=order,
        code=code,
        label=label,
        short=short,
        section="guarantees",
        result=decided(fails=Is(fact, False), unknown=Not(Filled(fact))),
        record=(column,),
        asks=(item("guarantees", fact),),
        value=value,
        remedy=lambda case: answer_remedy(case, column, short, advice),
    )
