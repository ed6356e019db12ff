"""Who looked at a household: kept by day, told to the household by role and office, without names."""
