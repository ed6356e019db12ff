"""Visits: who is due by class, the quick log on the phone, plan against done, what a helper may set right at once."""
