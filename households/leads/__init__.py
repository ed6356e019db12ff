"""Leads: what was told or found about a household, on its way to a decision, and the income test that belongs to it."""
