"""Group 3: what is required at this age or for this household and not entered yet (dictionary.md section 7).

The requirements are those of :mod:`households.register.completeness`; a gap asks for an entry and never blocks one.
"""

from collections.abc import Iterator

from households.register.completeness import Item, ask, items, missing
from households.register.logic.facts import HouseholdFacts
from households.register.logic.rule import RULES, Hit, Severity, rule


def ask_for(*more: Item) -> None:
    """Ask for more when a household is entered, and count what lacks as a gap; gaps stand in the order of the page."""
    ask(*more)
    for each in items():
        if each.section != "files":
            _declare(each)


def _declare(item: Item) -> None:
    table, _, name = item.field.partition(".")
    code = f"required-{table}-{name}".replace("_", "-")
    RULES.pop(code, None)

    @rule(code, text=f"{item.label}没有填写", group=3, severity=Severity.GAP, fields=(item.field,))
    def required(facts: HouseholdFacts) -> Iterator[Hit]:
        for person in missing(facts, item):
            yield Hit(f"{item.label}还没有填写。", person=person)


ask_for()
