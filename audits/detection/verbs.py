"""Verbs of the look for invented data, as the history shows them."""

VERBS = {"detect": "异常检测"}
