"""Cards of the village that is looked at first, and one request for correction in each state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from assistance.models import CorrectionRequest, HouseholdCard, Pairing
from assistance.models.paper import new_code
from povreg.kit.crypto import lookup_hash
from povreg.kit.scopes import within
from villages.models import User

REQUESTS: Sequence[tuple[str, str, int, str, str]] = (
    ("income", "去年在县里工地做工四个月，工资没有登记。", 2, "", ""),
    ("contact", "电话换了，原来的号码打不通。", 19, "", ""),
    ("people", "女儿九月已上高中，登记的还是初中。", 40, "corrected", "已核对学籍，改为普通高中一年级。"),
    (
        "help",
        "没有领到产业补助。",
        55,
        "refused",
        "查过凭证，补助五月已打到一卡通，请查存折；仍有疑问请到村委会看凭证。",
    ),
)
"""What is wrong, said how many days ago, what became of it."""
DAYS, ANSWERED = 15, 6


def hand_out_cards(county: str) -> None:
    """Codes for the helper's households, requests of the first ones of them."""
    today, cadre = timezone.localdate(), User.objects.get(username="cun")
    pairs = Pairing.objects.filter(within("village_id", county), helper__username="bangfu").order_by("household_id")
    homes = list(dict.fromkeys(pairs.values_list("household_id", "village_id")))
    cards = []
    for household, village in homes:
        code = new_code()
        cards.append(
            HouseholdCard(
                household_id=household, village_id=village, code=code, code_hash=lookup_hash(code),
                issued_on=today - timedelta(days=90), issued_by=cadre,
            )
        )  # fmt: skip
    HouseholdCard.objects.bulk_create(cards)
    for (household, village), (about, said, days, outcome, answer) in zip(homes, REQUESTS, strict=False):
        came = today - timedelta(days=days)
        answered = {"answered_by": cadre, "answered_on": came + timedelta(days=ANSWERED)} if outcome else {}
        CorrectionRequest.objects.create(
            household_id=household, village_id=village, about=about, said=said, received_on=came,
            due_on=came + timedelta(days=DAYS), outcome=outcome, answer=answer, **answered,
        )  # fmt: skip
