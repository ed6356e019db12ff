"""What the history calls the changes of findings."""

VERBS = {
    "open_finding": "开出问题",
    "assign_finding": "交办整改",
    "answer_finding": "报送整改情况",
    "close_finding": "核实销号",
    "return_finding": "退回整改",
    "reopen_finding": "重新打开问题",
    "dismiss_finding": "认定问题不属实",
    "open_round": "发起核查轮次",
    "close_round": "办结核查轮次",
    "note_inspection": "登记督查走访",
}
