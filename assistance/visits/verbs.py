"""What the history calls the changes of visits."""

VERBS = {
    "log_visit": "登记走访",
    "withdraw_visit": "撤回走访",
    "correct_contact": "走访更正电话",
    "correct_work": "走访更正务工情况",
    "propose_correction": "走访提出更正",
}
