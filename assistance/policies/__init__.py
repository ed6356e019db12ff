"""The policy library and what households are entitled to: should have, has, why not."""
