"""Everything a person may open, and the switch for large type."""
