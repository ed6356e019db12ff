"""What findings declare."""

from audits.findings.verbs import VERBS
from povreg.kit.history import declare_verbs


def connect() -> None:
    declare_verbs(VERBS)
