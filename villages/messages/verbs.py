"""What the history calls the changes of messages."""

VERBS = {
    "tell_owner": "通知任务结果",
    "send_note": "发送通知",
    "tell_of_work": "通知待办",
}
