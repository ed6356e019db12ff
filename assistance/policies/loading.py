"""The shipped policies (assistance/data/policies.csv)."""

from datetime import date
from typing import Any

from assistance.catalogue.loading import DATA, rows_of

POLICIES_CSV = DATA / "policies.csv"


def shipped_policies() -> list[dict[str, Any]]:
    """Field values of each policy, in the order of the file."""
    return [
        {
            **row,
            "who": row["who"].split("|"),
            "items": row["items"].split("|"),
            "voluntary": bool(row["voluntary"]),
            "starts_on": date.fromisoformat(row["starts_on"]),
            "ends_on": date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        }
        for row in rows_of(POLICIES_CSV)
    ]


def load_policies(model: Any) -> None:
    """Add the shipped policies that are not there yet; ``model`` is Policy or its historical state."""
    model.objects.bulk_create([model(**values) for values in shipped_policies()], ignore_conflicts=True)
