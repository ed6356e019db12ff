"""广播电视 (一超六有)."""

from households.eligibility.answered import answered

CRITERION = answered(
    90,
    "broadcast",
    "广播电视有保障",
    column="broadcast",
    short="广播电视",
    advice="接通广播电视后更新记录。",
)
