"""What the history calls the changes of work."""

VERBS = {
    "begin_work": "登记务工",
    "end_work": "登记结束务工",
    "confirm_month": "按月更新务工",
    "note_work_wish": "登记就业意愿",
    "offer_post": "发布岗位",
}
