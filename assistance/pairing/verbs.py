"""What the history calls the changes of pairings."""

VERBS = {
    "pair": "结对",
    "end_pairing": "结束结对",
}
