"""Bringing the shipped code tables into the database."""

from typing import Any

from villages.codes.loading import shipped_codes


def sync_codes(model: Any) -> int:
    """Insert or refresh every shipped code; a county's own additions stay. Returns the number of shipped codes.

    ``model`` is ``villages.Code`` or its historical state, so that migrations call the same function.
    """
    rows = [model(**values) for values in shipped_codes()]
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["table", "code"],
        update_fields=["label", "spellings", "position", "valid_from", "valid_to"],
    )
    return len(rows)
