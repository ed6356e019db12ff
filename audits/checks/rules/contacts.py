"""Group 12 of dictionary.md 7: telephones, accounts, helpers."""

from audits.checks.check import ERROR, check


def shared(column: str) -> str:
    """Another household of the county has the same."""
    return (
        f"h.{column} <> '' AND EXISTS (SELECT FROM households_household o WHERE o.{column} = h.{column} "
        "AND o.id <> h.household_id AND o.removed_on IS NULL)"
    )


HELPED = (
    "EXISTS (SELECT FROM assistance_pairing g{} WHERE g.household_id = h.household_id "
    "AND g.starts_on <= register_today() AND (g.ends_on IS NULL OR g.ends_on >= register_today()){})"
)
check(
    "phone-shared", 12, "与别的户联系电话相同", shared("phone_hash"), source="dictionary.md 7 第12组 5_15_022",
    advice="核对是不是本户的电话。",
)  # fmt: skip
check(
    "bank-shared", 12, "与别的户银行卡号相同", shared("bank_hash"), severity=ERROR,
    source="dictionary.md 7 第12组", advice="补贴可能发到别人卡上，请核对一卡通。",
)  # fmt: skip
check(
    "helper-none", 12, "没有帮扶责任人", f"h.exit_status <> '' AND NOT {HELPED.format('', '')}",
    source="policy.md 10.1(9)", advice="安排结对帮扶。",
)  # fmt: skip
check(
    "helper-is-poor", 12, "帮扶责任人与本村在册户的成员同名",
    HELPED.format(
        " JOIN villages_user u ON u.id = g.helper_id JOIN households_member m ON m.name = u.name "
        "AND m.village_id = g.village_id AND m.left_on IS NULL",
        "",
    ),
    source="policy.md 10.1(9)", advice="核对是不是同一个人；是的，更换帮扶责任人。", asks=("member.name",),
)  # fmt: skip
check(
    "helper-over", 12, "帮扶责任人帮扶超过 %(most)s 户",
    HELPED.format(
        "",
        " AND (SELECT count(*) FROM assistance_pairing w WHERE w.helper_id = g.helper_id AND w.starts_on <= "
        "register_today() AND (w.ends_on IS NULL OR w.ends_on >= register_today())) > %(most)s",
    ),
    params={"most": 15}, source="policy.md 8.4", advice="帮扶户数过多，请调整结对。",
)  # fmt: skip
