"""What the pages of long work declare."""

from povreg.jobs.registry import JobKind, register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.overview.jobs.lists import LISTS
from villages.rights import Right

MENU = (
    Entry(
        "jobs",
        "任务",
        "jobs",
        (Right.IMPORT, Right.EXPORT, Right.RECOMPUTE, Right.JOB_VIEW_ALL),
        10,
        hint="导入、导出、评定的进度",
    ),
)


def connect() -> None:
    declare_verbs({"clean_up": "到期清理"})
    register(JobKind("retention"))
    declare(*MENU)
    declare_lists(*LISTS)
