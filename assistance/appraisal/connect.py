"""What appraisal declares."""

from assistance.appraisal import lists, units, work
from assistance.appraisal.verbs import VERBS
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right

SEE = (Right.HELPER_APPRAISE,)
MENU = (
    Entry("figures", "帮扶考核", "appraisals", SEE, 60, inside="appraisal", also=("unit-appraisals", "helper-work"),
          hint="每名帮扶责任人、每个单位的走访、措施、满意度"),
    Entry("appraisal", "责任人", "appraisals", SEE, 10, hint="每名帮扶责任人的走访、措施、满意度"),
    Entry("appraisal", "单位", "unit-appraisals", SEE, 20, hint="每个帮扶单位派出的人做了什么"),
    Entry("appraisal", "逐户情况", "helper-work", SEE, 30, hint="每人每户走访几次、落实什么，可逐人导出"),
)  # fmt: skip


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*lists.LISTS, *units.LISTS, *work.LISTS)
