"""What the history calls the changes of cards and of requests for correction."""

VERBS = {
    "issue_card": "生成查询码",
    "renew_card": "换发查询码",
    "revoke_card": "作废查询码",
    "take_correction": "收到更正申请",
    "answer_correction": "答复更正申请",
}
HANDS = {"take_correction": "本户"}
