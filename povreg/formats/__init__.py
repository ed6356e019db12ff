"""Formats that differ from Django's own for Simplified Chinese (setting FORMAT_MODULE_PATH)."""
