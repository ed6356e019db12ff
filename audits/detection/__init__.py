"""Is it true? (真不真) Signs of invented data by village and account: leads for a visit, never a verdict."""
