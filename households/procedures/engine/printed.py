"""What the papers of a list are called, by code, in the order of a file (policy.md 1.17, dictionary.md 5, 6)."""

from collections.abc import Collection

from households.models.template import StepKind

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

STEP_OF: dict[str, str] = {
    "application": StepKind.APPLICATION,
    "authorisation": StepKind.APPLICATION,
    "survey": StepKind.SURVEY,
    "comparison": StepKind.COMPARISON,
    "sign-in": StepKind.APPRAISAL,
    "minutes": StepKind.APPRAISAL,
    "consent": StepKind.CONSENT,
    "unopposed": StepKind.NOTICE,
    "township": StepKind.TOWNSHIP_REVIEW,
    "decision": StepKind.FILING,
}
"""At which kind of step a paper comes about; a procedure without one has no such paper."""


def printed_of(of_village: bool, kinds: Collection[str]) -> list[tuple[str, str]]:
    """Code and name of the papers that make sense for a list with steps of these ``kinds``."""
    left_out = OF_HOUSEHOLD if of_village else (OF_VILLAGE,)
    visited = {StepKind.SURVEY} if StepKind.VERIFICATION in kinds else set()
    return [
        (code, name) for code, name in PRINTED.items() if code not in left_out and comes_about(code, visited | {*kinds})
    ]


def comes_about(code: str, kinds: Collection[str]) -> bool:
    return code not in STEP_OF or STEP_OF[code] in kinds
