"""Who takes poor households along, and what society offers to needs."""
