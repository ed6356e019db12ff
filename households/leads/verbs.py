"""What the history calls the changes of leads and income tests."""

VERBS = {
    "raise_lead": "登记线索",
    "check_lead": "开始核实线索",
    "note_lead_visit": "登记线索核实情况",
    "name_lead_household": "确认线索是哪一户",
    "list_lead": "线索列入名单",
    "dismiss_lead": "线索不纳入",
    "hand_over_lead": "线索转其他部门",
    "reveal_teller": "查看反映人",
    "test_income": "测算收入",
    "retest_income": "按新的监测线重新测算",
}
