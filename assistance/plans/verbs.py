"""What the history calls the changes of plans."""

VERBS = {
    "draw_plan": "拟定帮扶计划",
    "revise_plan": "修改帮扶计划",
    "add_plan_line": "计划增加措施",
    "drop_plan_line": "计划去掉措施",
    "agree_plan": "商定帮扶计划",
    "reopen_plan": "重新拟定帮扶计划",
}
