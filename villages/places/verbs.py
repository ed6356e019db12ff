"""What the history calls the changes of places and villages."""

VERBS = {
    "merge_villages": "合并村",
    "split_village": "划出村民小组",
    "add_village": "新增村",
    "add_group": "新增村民小组",
    "rename_place": "更名",
    "save_profile": "修改村基本情况",
    "load_places": "载入区划",
}
