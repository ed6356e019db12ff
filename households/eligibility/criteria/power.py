"""生活用电 (一超六有)."""

from households.eligibility.answered import answered

CRITERION = answered(
    80,
    "power",
    "生活用电有保障",
    column="power_living",
    short="生活用电",
    advice="接通生活用电后更新记录。",
)
