"""What proof declares: who records what leaves."""

from povreg.kit.sheets.leaving import record_by
from povreg.proof.recording import open_record


def connect() -> None:
    record_by(open_record)
