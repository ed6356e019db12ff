"""What the history calls the changes that comparisons make."""

VERBS = {
    "upload_comparison": "上传部门数据",
    "compare_list": "比对部门数据",
    "answer_hit": "答复比对命中",
    "open_from_hit": "比对命中开出整改",
    "delete_comparison_rows": "按期删除部门数据",
}
