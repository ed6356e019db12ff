"""Work of members of registered households: spells, the month's update of a village, wishes, posts."""
