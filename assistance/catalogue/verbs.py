"""What the history calls the changes of the catalogue."""

VERBS = {
    "save_income_model": "填写增收模式",
    "revise_catalogue_item": "修改措施目录",
    "add_catalogue_item": "增加目录措施",
    "end_catalogue_item": "停用目录措施",
}
