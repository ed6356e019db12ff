"""Samples: how many, which ones, what was found in them, and how sure that is."""
