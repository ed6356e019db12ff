"""What the register declares: its verbs, what moves with a village, and what the history tells."""

from households.history.sources import add_source
from households.register import after
from households.register.persons import declare_own
from households.register.told import SOURCES
from households.register.verbs import VERBS
from households.register.village_rows import households_of_groups, move_village
from households.standing.hooks import on_standing_change
from povreg.kit.history import declare_verbs
from villages.places.moves import on_group_lookup, on_village_move


def connect() -> None:
    declare_verbs(VERBS)
    declare_own()
    on_standing_change(after.changed)
    on_village_move(move_village)
    on_group_lookup(households_of_groups)
    for source in SOURCES:
        add_source(source)
