"""What the register declares: its verbs, what moves with a village, and what the history tells."""

from households.history.sources import add_source
from households.register import after
from households.register.persons import declare_own
from households.register.told import SOURCES
from households.register.verbs import VERBS
from households.register.village_rows import households_of_groups, move_village
from households.standing.hooks import on_standing_change
from povreg.kit.history import declare_verbs
from povreg.kit.reach import declare_wider
from villages.places.moves import on_group_lookup, on_village_move

WIDER = {
    "one_registration": "a person is registered once in a county; the answer names a village, no household",
    "who_left": "somebody who left a household of the county is taken into another as the person he was",
    "free_number": "household and person numbers are given once in a county",
    "follow_up": "verdicts, and the figures of village, township and county, follow what was saved",
    "years_recorded": "which years a county has records of, kept for all who work there; no rows",
}
"""Questions that see beyond the asker's places (povreg.kit.reach)."""


def connect() -> None:
    declare_verbs(VERBS)
    declare_wider(WIDER)
    declare_own()
    on_standing_change(after.changed)
    on_village_move(move_village)
    on_group_lookup(households_of_groups)
    for source in SOURCES:
        add_source(source)
