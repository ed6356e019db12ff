"""Verbs of samples, as the history shows them."""

VERBS = {
    "draw_sample": "抽取抽查户",
    "note_sample_case": "登记抽查结果",
    "add_sample_photo": "上传抽查照片",
    "note_unreached": "登记没有见到",
    "close_sample": "抽查办结",
}
