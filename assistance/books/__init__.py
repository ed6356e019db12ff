"""Workbooks of assistance, taken in row by row through the verbs: measures, payments, pairings, visits, work."""
