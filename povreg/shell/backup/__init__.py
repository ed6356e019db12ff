"""Backup and restore: database and files in one sealed set, the keys apart, each set tried by restoring it."""
