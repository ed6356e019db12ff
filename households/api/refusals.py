"""How the refusals of the register's verbs read in the API. Importing this module makes them known."""

from __future__ import annotations

from typing import Any

from households.procedures.engine.errors import ProcedureError, StateError
from households.register.errors import FormErrors
from households.sheets.services import SheetMoved
from povreg.kit.api.errors import Answer, answer_to

ONE_ROW = ("", "member", "new")  # row keys whose fields stand in the body itself
CONFIRM = "有需要确认的提示：核对无误后，把各提示的 key 放进 confirmed 再提交一次。"


@answer_to.register
def form_errors(fault: FormErrors) -> Answer:
    """422: faults beside their fields; with nothing but warnings left, what has to be confirmed."""
    if not fault.rows:
        return Answer(422, "unconfirmed", CONFIRM, _warnings(fault))
    fields: dict[str, Any] = {}
    whole = []
    for row, faults in fault.rows.items():
        for name, messages in faults.items():
            if name:
                fields.setdefault(_path(row, name), []).extend(messages)
            else:
                whole.extend(messages)
    message = "；".join(whole) or "提交的内容有误，请按各项提示改正后重新提交。"
    return Answer(422, "refused", message, {**_warnings(fault), **fields})


def _warnings(fault: FormErrors) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for finding in fault.warnings:
        fields.setdefault(_path(finding.target, finding.name), []).append(
            {"key": finding.key, "message": finding.message}
        )
    return fields


def _path(row: str, name: str) -> str:
    return name if row in ONE_ROW else f"{row}.{name}"


@answer_to.register
def against_a_list(fault: ProcedureError) -> Answer:
    """422, or 409 ``state`` where the thing has moved on; ``entries.<id>`` says what is wrong with single lines,
    the name of a field what is wrong with that."""
    fields: dict[str, Any] = {f"entries.{pk}": [text] for pk, text in fault.rows.items()}
    fields |= fault.message_dict if hasattr(fault, "error_dict") else {}
    status, code = (409, "state") if isinstance(fault, StateError) else (422, "refused")
    return Answer(status, code, str(fault), fields)


@answer_to.register
def sheet_moved(fault: SheetMoved) -> Answer:
    """409: checked, confirmed or put aside meanwhile."""
    return Answer(409, "state", "；".join(fault.messages))
