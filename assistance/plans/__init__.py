"""The plan of a household for a year (一户一策): path by labour and will, targets, measures, and what came of it."""
