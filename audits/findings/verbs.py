"""What the history calls the changes of findings."""

VERBS = {
    "open_finding": "开出问题",
    "assign_finding": "交办整改",
    "answer_finding": "报送整改情况",
    "verify_finding": "核实整改",
    "return_finding": "退回整改",
    "reopen_finding": "重新打开问题",
    "dismiss_finding": "核实不属实",
}
