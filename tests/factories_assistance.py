"""Rows of assistance for tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assistance.models import CatalogueItem, Measure
from households.models import Household
from tests import factories

LOAN, RAIN, GRAIN, WATER = "110501", "310203", "110101", "210301"


def catalogue_item(code: str = GRAIN) -> CatalogueItem:
    """An entry of the shipped catalogue."""
    return CatalogueItem.objects.get(code=code, place=None)


def measure(household: Household, code: str = GRAIN, **facts: Any) -> Measure:
    """A measure that reached the household in 2020."""
    defaults = {
        "delivered_on": date(2020, 5, 20),
        "amount": Decimal(600),
        "quantity": Decimal(3),
        "payer": "农业农村局",
        "source": "county",
    }
    return Measure.objects.create(
        household=household, village_id=household.village_id, item=catalogue_item(code), **{**defaults, **facts}
    )


def photo(colour: str = "white") -> SimpleUploadedFile:
    """A small picture as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


OWN_LISTS: dict[str, Callable[[], Any]] = {
    "catalogue": lambda: None,
    "measures": lambda: measure(factories.household(members=1)),
}
"""Lists with a page and a resource of the same name, and what makes a row of each."""
