"""What messages declare, and who is told when a job ends."""

from povreg.jobs.registry import on_end
from povreg.kit.history import declare_verbs
from povreg.kit.pages.listing import declare_lists
from villages.messages.lists import LISTS
from villages.messages.services import tell_owner
from villages.messages.verbs import VERBS


def connect() -> None:
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    on_end(tell_owner)
