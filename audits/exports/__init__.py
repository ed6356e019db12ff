"""The export centre: datasets of everything, and the log of what left."""
