"""What the history calls the changes of consents."""

VERBS = {"record_consent": "登记授权同意", "withdraw_consent": "登记撤回同意"}
