"""What procedures declare: verbs, jobs, candidates at entry, and villages that may not move while a list runs."""

from households.procedures.engine.templates import candidate_at_entry
from households.procedures.lists.batches import refuse_village_move
from households.procedures.lists.jobs import KINDS
from households.procedures.verbs import VERBS
from households.register.entering import on_entry
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from villages.places.moves import on_village_move


def connect() -> None:
    declare_verbs(VERBS)
    on_entry(candidate_at_entry)
    on_village_move(refuse_village_move, first=True)
    for kind in KINDS:
        register(kind)
