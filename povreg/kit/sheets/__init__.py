"""Spreadsheets: one column list a sheet serves template, help text, reading, rejects and writing."""
