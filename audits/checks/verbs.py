"""What the history calls the changes that checks make."""

VERBS = {
    "run_checks": "核查",
    "exempt_doubt": "豁免疑点",
    "withdraw_exemption": "撤回豁免",
    "set_rule": "设定核查规则",
    "open_from_doubts": "疑点开出整改",
}
