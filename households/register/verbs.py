"""What the history calls the changes of households and their people."""

VERBS = {
    "split_household": "分户",
    "merge_households": "并户",
    "move_household": "迁移",
    "strike_household": "撤销误录",
    "add_household": "登记新户",
    "edit_household": "修改基本情况",
    "edit_members": "修改家庭成员",
    "save_annual_record": "填写年度记录",
    "carry_over_record": "沿用上年记录",
    "accept_warnings": "确认提示",
    "unmask_number": "查看完整号码",
    "add_attachment": "上传附件",
    "remove_attachment": "移除附件",
    "record_joining": "登记人员增加",
    "record_leaving": "登记人员减少",
    "undo_leaving": "撤销人员减少",
    "change_head": "变更户主",
    "fill_pinyin": "补写姓名拼音",
}
