"""What the history calls the changes of messages."""

VERBS = {
    "tell_owner": "通知任务结果",
    "send_note": "发送通知",
}
