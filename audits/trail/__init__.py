"""Who did what, when, from where, why: the history of everything, grouped by act."""
