"""What the history calls the changes of lines and sets of criteria."""

VERBS = {
    "ship_local_lines": "载入随附的地方标准",
    "add_line": "登记标准线",
    "correct_line": "更正标准线",
    "withdraw_line": "撤回标准线",
    "publish_set_version": "发布评定标准",
    "withdraw_set": "停用评定标准",
}
