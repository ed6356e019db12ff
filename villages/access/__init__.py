"""Access for some hours: an inspection team is let in with a reason, the office is told, and it ends by itself."""
