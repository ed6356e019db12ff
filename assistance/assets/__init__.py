"""Assets of projects: register, rent, idle ones, disposal."""
