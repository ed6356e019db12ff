"""What proof declares: who records what leaves, and what that act is called."""

from povreg.kit.history import declare_verbs
from povreg.kit.sheets.leaving import record_by
from povreg.proof.recording import open_record


def connect() -> None:
    declare_verbs({"export_file": "导出文件"})
    record_by(open_record)
