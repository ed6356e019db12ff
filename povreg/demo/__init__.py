"""The demonstration county: invented households in real villages."""
