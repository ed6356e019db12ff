"""What workbooks declare."""

from assistance.books.importing import VERB
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, declare
from villages.rights import Right

MENU = Entry("households", "导入帮扶台账", "assistance-books", (Right.IMPORT,), 42, hint="措施、发放、结对、走访、务工")


def connect() -> None:
    declare(MENU)
    declare_verbs({VERB: "导入帮扶台账"})
