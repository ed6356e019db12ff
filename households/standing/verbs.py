"""What the history calls the changes of standing."""

VERBS = {
    "close_opening": "结束建库期",
    "order_correction": "提出身份更正",
    "approve_correction": "批准身份更正",
    "refuse_correction": "不予身份更正",
    "take_department_list": "接收部门名单",
    "dismiss_proposal": "不采纳身份差异",
    "take_proposal": "身份差异列入名单",
    "refresh_standing": "按日更新身份",
}
