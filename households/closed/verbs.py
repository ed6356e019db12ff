"""What the history calls the closing of a year."""

VERBS = {"close_year": "封存年度"}
