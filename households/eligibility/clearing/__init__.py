"""风险消除: whether the risk of every open monitoring episode may be marked as removed, by the same recompute as the
verdict (policy-2026.md 8; policy.md 6.13 to 6.15)."""
