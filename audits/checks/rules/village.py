"""Group 13 of dictionary.md 7: the yearly files of villages."""

from audits.checks.check import ERROR, VILLAGE, check

REQUIRED = (
    "households", "population", "groups", "farmland", "collective_business", "hard_road", "bus", "three_phase_power",
    "broadband", "tap_water_households", "water_unsafe_households", "dilapidated_households", "clinics",
    "village_doctors", "medical_insured", "culture_rooms", "farmer_income",
)  # fmt: skip
"""The seventeen figures that a village which left the list must show."""
POOR = "EXISTS (SELECT FROM villages_villageprofile w WHERE w.village_id = v.village_id AND w.is_poor)"
check(
    "village-empty", 13, "村的总户数没有填或为 0", "coalesce(v.households, 0) = 0", severity=ERROR, per=VILLAGE,
    source="dictionary.md 7 第13组 3_03_003", advice="补填总户数。",
)  # fmt: skip
check(
    "village-house-water", 13, "危房户加未解决饮水户超过总户数",
    "v.dilapidated_households + v.water_unsafe_households > v.households", severity=ERROR, per=VILLAGE,
    shows=("village.dilapidated_households", "village.water_unsafe_households", "village.households"),
    source="dictionary.md 7 第13组 3_03_001", advice="核对三个数。",
)  # fmt: skip
check(
    "village-land", 13, "村耕地面积小于各户耕地之和",
    "v.farmland < (SELECT sum(h.arable_mu) FROM facts_households h WHERE h.village_id = v.village_id)", per=VILLAGE,
    shows=("village.farmland",), source="dictionary.md 7 第13组 3_03_002", advice="核对村和各户的耕地面积。",
)  # fmt: skip
check(
    "village-households", 13, "在册户数超过村总户数",
    "v.households < (SELECT count(*) FROM facts_households h WHERE h.village_id = v.village_id)", severity=ERROR,
    per=VILLAGE, shows=("village.households",), source="dictionary.md 7 第13组", advice="核对村总户数。",
)  # fmt: skip
check(
    "village-road", 13, "脱贫村没有通硬化路", f"v.hard_road IS FALSE AND {POOR}", severity=ERROR, per=VILLAGE,
    source="dictionary.md 7 第13组", advice="核对；确实没有通的，列入项目。",
)  # fmt: skip
check(
    "village-figures", 13, "脱贫村应填的 17 项没有填全",
    f"num_nulls({', '.join(f'v.{name}' for name in REQUIRED)}) > 0 AND {POOR}", per=VILLAGE,
    shows=(("没有填的项数", f"num_nulls({', '.join(f'v.{name}' for name in REQUIRED)})"),),
    source="dictionary.md 7 第13组", advice="补填村情台账。",
)  # fmt: skip
check(
    "village-people", 13, "参加居民医保的人数超过总人口", "v.medical_insured > v.population", per=VILLAGE,
    shows=("village.medical_insured", "village.population"), source="dictionary.md 7 第13组", advice="核对两个数。",
)  # fmt: skip
check(
    "village-debt", 13, "集体负债大于集体资产", "v.collective_debt > v.collective_assets", per=VILLAGE,
    shows=("village.collective_debt", "village.collective_assets"), source="policy.md 9", advice="核对村集体账目。",
)  # fmt: skip
