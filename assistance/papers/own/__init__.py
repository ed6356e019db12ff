"""The household's own page: reached by the code on its card and a second fact, without login."""
