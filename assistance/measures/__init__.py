"""Measures that reached a household: to whom, how much, when, who paid, what proves it and what came of it."""
