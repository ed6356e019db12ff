"""What the history calls the changes of 分类管理."""

VERBS = {
    "record_review": "登记综合评估",
    "decide_support": "登记分类管理决定",
    "withdraw_support": "撤回分类管理决定",
}
