"""Addresses of households that other pages lead to."""

from django.urls import reverse


def household_page(pk: int, year: int, section: str = "") -> str:
    """Address of a household's page, or of one of its entry sections, for the year."""
    name = f"household-{section}" if section else "household"
    return f"{reverse(name, args=[pk])}?year={year}"
