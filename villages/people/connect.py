"""What accounts and postings declare."""

from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.pages.printed import remember_by
from villages.people.lists import LISTS
from villages.people.printing import print_columns_of
from villages.people.verbs import VERBS
from villages.rights import Right

MENU = (
    Entry("sign_ins", "登录记录", "sign-ins", (Right.LOG_VIEW,), 10, hint="谁在什么时候从哪里登录，结果怎样"),
    Entry("accounts", "账号", "accounts", (Right.ACCOUNT_VIEW,), 10, hint="开户、停用、任职"),
    Entry("accounts", "按村开户", "village-accounts", (Right.ACCOUNT_MANAGE,), 20, hint="各村一次开好"),
    Entry("accounts", "按村任职", "village-postings", (Right.POSTING_GRANT,), 30, hint="各村一次授予"),
)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(*LISTS)
    remember_by(print_columns_of)
