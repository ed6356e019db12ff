"""What the history calls the changes of access for some hours."""

VERBS = {
    "ask_access": "申请限时查阅",
    "grant_access": "批准限时查阅",
    "refuse_access": "不批准限时查阅",
    "end_access": "提前结束限时查阅",
}
