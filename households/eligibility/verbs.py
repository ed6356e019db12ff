"""What the history calls the changes of verdicts."""

VERBS = {
    "request_recompute": "要求重新评定",
    "recompute": "重新评定",
}
