"""What the history calls the changes of needs."""

VERBS = {"record_needs": "登记需求调查"}
