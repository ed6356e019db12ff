"""What the papers of a list are called, by code, in the order of a file (policy.md 1.17, dictionary.md 5, 6)."""

PRINTED = {
    "application": "申请书",
    "authorisation": "承诺授权查询书",
    "survey": "入户核查表",
    "income": "收入测算确认表",
    "comparison": "信息比对反馈表",
    "sign-in": "会议签到表",
    "minutes": "民主评议会议记录",
    "consent": "农户认可表",
    "unopposed": "公示情况证明",
    "township": "乡镇审核表",
    "approval": "审批表",
    "decision": "县批复",
    "village-exit": "村退出审核表",
    "correction": "更正通知",
    "contents": "卷内目录",
}
OF_HOUSEHOLD = ("application", "authorisation", "survey", "income", "consent")
"""Those that are about one household alone; without sense for a list of the village itself."""
OF_VILLAGE = "village-exit"


def printed_of(of_village: bool) -> list[tuple[str, str]]:
    """Code and name of the papers that make sense for a list."""
    left_out = OF_HOUSEHOLD if of_village else (OF_VILLAGE,)
    return [(code, name) for code, name in PRINTED.items() if code not in left_out]
