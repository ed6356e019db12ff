"""不愁吃."""

from households.eligibility.answered import answered

CRITERION = answered(
    20,
    "food",
    "不愁吃",
    column="food",
    short="不愁吃",
    advice="落实主食和蛋白质保障后，重新核实并更新记录。",
)
