"""Group 3: what is required at this age or for this household and not entered yet (dictionary.md section 7).

The requirements are those of :mod:`households.register.completeness`; a gap asks for an entry and never blocks one.
"""

from collections.abc import Iterator

from households.register.completeness import ITEMS, Item, missing
from households.register.logic.facts import HouseholdFacts
from households.register.logic.rule import Hit, Severity, rule


def declare(item: Item) -> None:
    table, _, name = item.field.partition(".")

    @rule(f"required-{table}-{name}".replace("_", "-"), group=3, severity=Severity.GAP, fields=(item.field,))
    def required(facts: HouseholdFacts) -> Iterator[Hit]:
        for person in missing(facts, item):
            yield Hit(f"{item.label}还没有填写。", person=person)


for each in ITEMS:
    if each.section != "files":
        declare(each)
