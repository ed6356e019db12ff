"""What runs on after a measure was delivered: loans and their risk fund, public posts, sites of resettlement."""
