"""What the history calls the changes of pairings."""

VERBS = {
    "pair": "结对",
    "end_pairing": "结束结对",
    "set_pairing_limit": "设定结对户数上限",
    "propose_pairings": "提出结对建议",
    "decide_pairings": "确认结对建议",
    "note_team_days": "登记驻村天数",
}
