"""Forms that are printed from what is entered once, the household's card and its own page."""
