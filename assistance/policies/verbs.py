"""What the history calls the changes of policies and entitlements."""

VERBS = {
    "revise_policy": "修改政策库",
    "note_not_served": "登记未享受原因",
}
