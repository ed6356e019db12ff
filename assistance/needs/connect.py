"""What needs declare."""

from assistance.models import NeedsSurvey
from assistance.needs.selectors import need_words, path_words
from assistance.needs.verbs import VERBS
from households.history.sources import add_source
from households.history.versions import Source
from povreg.kit.history import declare_verbs

SURVEYS = Source(
    NeedsSurvey,
    subject=lambda event, people: "需求调查",
    words=(("needs", need_words), ("will", path_words)),
    silent=frozenset({"village"}),
)


def connect() -> None:
    declare_verbs(VERBS)
    add_source(SURVEYS)
