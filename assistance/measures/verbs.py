"""What the history calls the changes of measures."""

VERBS = {
    "deliver_measure": "登记帮扶措施",
    "correct_measure": "更正帮扶措施",
    "withdraw_measure": "撤回帮扶措施",
}
