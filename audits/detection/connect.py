"""What the look for invented data declares: its verb, lists, menu and long work."""

from audits.detection.jobs import DETECT
from audits.detection.lists import LISTS
from audits.detection.verbs import VERBS
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

VIEW = (Right.SAMPLE_VIEW,)
HINT = "收入踩线、雷同、夜里修改、补走访：去看一看的理由"
MENU = (
    Entry("checks", "异常检测", "detection", VIEW, 40, hint=HINT),
    Entry("findings", "异常检测", "detection", VIEW, 30, hint=HINT),
)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS, {"detect": "系统"})
    declare_lists(*LISTS)
    register(DETECT)
