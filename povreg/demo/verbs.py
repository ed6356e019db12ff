"""What the history calls the changes of the demonstration county."""

VERBS = {
    "load_demo": "载入演示数据",
    "remove_demo": "取出演示数据",
}
