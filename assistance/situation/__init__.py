"""How assistance stands in the places below: one page over all its subjects (概况)."""
