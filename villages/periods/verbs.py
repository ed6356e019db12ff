"""What the history calls the changes of what a county sets."""

VERBS = {
    "set_working_year": "设定工作年度",
    "name_office": "登记机构名称",
    "start_programme": "启用省定项目",
    "withdraw_setting": "撤回县级设置",
}
