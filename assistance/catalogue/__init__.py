"""The county's catalogue of measures: what may be given, what it answers, what it may be worth, from when to when."""
