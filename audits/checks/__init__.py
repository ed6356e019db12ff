"""Checks (疑点): rules over whole counties, what they found, exemptions, the quality of the data."""
