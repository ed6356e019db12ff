"""不愁穿."""

from households.eligibility.answered import answered

CRITERION = answered(
    30,
    "clothing",
    "不愁穿",
    column="clothing",
    short="不愁穿",
    advice="落实四季换洗衣服和被褥后，重新核实并更新记录。",
)
