"""Requests for correction as the staff sees them."""
