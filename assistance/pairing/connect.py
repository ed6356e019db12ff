"""What pairing declares: a column of the household list, and what a helper may see."""

from assistance.pairing.selectors import PAIRED, helpers_of, paired_households
from assistance.pairing.verbs import VERBS
from households.find.columns import add_column
from povreg.kit.history import declare_verbs
from villages.rights import Role
from villages.rights.scope import limit_role


def connect() -> None:
    declare_verbs(VERBS)
    add_column("helper", "帮扶责任人", helpers_of)
    limit_role(Role.HELPER, paired_households, PAIRED)
