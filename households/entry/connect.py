"""The sections of the household page that the register itself has."""

from typing import Any

from households.entry.declared import Aside, Section, add_aside, add_section
from households.entry.files import views as files
from households.entry.members import views as members
from households.entry.page import HISTORY, STANDING, Page
from households.entry.sections import views as records
from households.entry.standing import views as standing
from households.register.fields import SECTIONS
from povreg.kit.menu import Quick, declare
from villages.rights import Right

VIEWS: dict[str, Any] = {
    "basic": records.record_section,
    "members": members.members_section,
    "living": records.record_section,
    "income": records.record_section,
    "guarantees": members.guarantees_section,
    "files": files.files_section,
}


MENU = (Quick("登记新户", "登记后是普通农户，先填户主", "household-new", (Right.HOUSEHOLD_EDIT,), 20),)


def connect() -> None:
    declare(*MENU)
    for number, (code, view) in enumerate(VIEWS.items(), 1):
        form = code != "files"
        add_section(Section(code, SECTIONS[code], view, step=True, form=form, count=COUNTS[code]), order=number * 10)
    add_section(Section(STANDING, "身份", standing.standing_section), order=85)
    add_section(Section(HISTORY, "变更记录", files.history_section), order=90)
    for number, card in enumerate(CARDS, 1):
        add_aside(card, order=number * 10)


def papers(page: Page) -> dict[str, str]:
    return {"count": str(len(page.bundle.attachments) or "")}


def people(page: Page) -> dict[str, str]:
    missing = filled_in("members")(page)
    return missing if "tone" in missing or not missing else {"count": f"{page.persons} 人"}


def filled_in(code: str) -> Any:
    """How much of a section is recorded."""

    def count(page: Page) -> dict[str, str]:
        found = page.bundle.sections.get(code)
        if found is None:
            return {}
        if found.complete:
            return {"count": f"{found.filled}/{found.total}"}
        return {"count": f"缺 {found.total - found.filled}", "tone": "fail"}

    return count


COUNTS = {code: filled_in(code) for code in VIEWS} | {"members": people, "files": papers}
FOLDER = "households/register/aside"
CARDS = (
    Aside("remedies", f"{FOLDER}/remedies.html", lambda page: page.remedies or None),
    Aside("reminders", f"{FOLDER}/reminders.html", lambda page: page.reminders or None),
    Aside("changes", f"{FOLDER}/changes.html", lambda page: None if page.section == HISTORY else page.changes),
)
