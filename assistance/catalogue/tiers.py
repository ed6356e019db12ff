"""Amounts that go by a class a county names (一般贫困户 8000；深度贫困户 16000): one exact amount each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from assistance.catalogue.selectors import counted_by, tiers_words
from assistance.models import CatalogueItem
from assistance.models.catalogue import tiers_in
from households.register.errors import refusal

ONE = re.compile(r"^(?P<label>\S{1,20})\s+(?P<yuan>\d{1,8}(?:\.\d{1,2})?)\s*元?$")
PARTS = re.compile("[；;\n]+")
LONGEST = 200


def read_tiers(text: str) -> str:
    """What a county typed, as it is kept. Raises ValidationError for a line that names no class and amount, or one
    class twice."""
    found: dict[str, Decimal] = {}
    for part in filter(None, (each.strip() for each in PARTS.split(text))):
        match = ONE.match(part)
        if match is None or Decimal(match["yuan"]) <= 0:
            raise refusal(f"“{part}”看不出是哪一档、多少元，请写成“一般贫困户 8000”，各档用分号隔开。", field="tiers")
        if match["label"] in found:
            raise refusal(f"“{match['label']}”写了两次，请改正。", field="tiers")
        found[match["label"]] = Decimal(match["yuan"])
    if len(found) == 1:
        raise refusal("只有一档的，请填在最低和最高里。", field="tiers")
    kept = "；".join(f"{label} {yuan:f}" for label, yuan in found.items())
    if len(kept) > LONGEST:
        raise refusal(f"分档标准最多 {LONGEST} 个字，请精简档名。", field="tiers")
    return kept


def of_tier(
    item: CatalogueItem, tier: str, amount: Decimal | None, quantity: Decimal | None
) -> tuple[str, Decimal | None]:
    """The class and the amount of a delivery: the amount follows from the class where only that is told, the class
    from the amount where only that is. Raises ValidationError for another class or amount; an entry without classes
    takes any amount and no class."""
    tiers = tiers_in(item.tiers)
    if not tiers:
        return "", amount
    if tier and tier not in tiers:
        raise refusal(f"“{item}”没有“{tier}”这一档，请从{'、'.join(tiers)}中选。", field="tier")
    count = counted_by(item, quantity)
    if tier and amount is None:
        return tier, tiers[tier] * count
    if amount is None:
        return "", None
    fits = fitting({tier: tiers[tier]} if tier else tiers, amount, count)
    if not fits:
        said = f"{tier}应为 {tiers[tier] * count:,.2f} 元" if tier else f"标准是{tiers_words(item)}"
        raise refusal(f"“{item}”{said}，请核对金额、数量和档次；标准变了的，请县里先修改措施目录。", field="amount")
    return fits, amount


def fitting(tiers: Mapping[str, Decimal], amount: Decimal, count: Decimal) -> str:
    """The class whose amount this is; empty for none."""
    return next((label for label, yuan in tiers.items() if yuan * count == amount), "")
