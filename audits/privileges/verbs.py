"""Verbs of the privilege review, as the history shows them."""

VERBS = {"sign_privileges": "权限复核签字"}
