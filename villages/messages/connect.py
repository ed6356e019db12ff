"""What messages declare, and who is told when a job ends."""

from povreg.jobs.registry import on_end
from povreg.kit.history import declare_verbs
from villages.messages.services import tell_owner
from villages.messages.verbs import VERBS


def connect() -> None:
    declare_verbs(VERBS)
    on_end(tell_owner)
