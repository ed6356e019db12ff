"""Reading what left, and who may know what of it."""

from __future__ import annotations

from typing import Any

from povreg.kit.views import holds
from povreg.proof.models import ExportRecord, Seal, SigningKey
from povreg.proof.signing import pem_of, trusted

EXPORT = "export"


def may_see_rows(user: Any, record: ExportRecord | None) -> bool:
    """Whether the person may be told who took a file, and which rows of it differ: who may export where it is from.
    What is from no place in particular is told to whoever took it."""
    if record is None or not user.is_authenticated:
        return False
    return record.by_id == user.pk or bool(record.place_code and holds(user, EXPORT, record.place_code))


def published_keys() -> list[dict[str, Any]]:
    """The public keys as anybody may read them, the one that signs first."""
    keys = trusted()
    rows = {row.key_id: row for row in SigningKey.objects.all()}
    return [
        {"id": key_id, "public": public, "pem": pem_of(public), "since": getattr(rows.get(key_id), "since", None),
         "note": getattr(rows.get(key_id), "note", "")}
        for key_id, public in keys.items()
    ]  # fmt: skip


def seal_chains() -> list[tuple[str, str]]:
    """Chains that have seals: the code of the county (empty for none) and what it is called."""
    codes = Seal.objects.order_by("chain").values_list("chain", flat=True).distinct()
    return [(code, f"{code} 县（区）" if code else "全局（账号、标准等）") for code in codes]
