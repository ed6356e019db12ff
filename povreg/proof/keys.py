"""Whether the configured signing keys are those of this database, and how a new one takes over."""

from __future__ import annotations

from contextlib import suppress

from django.db import OperationalError, ProgrammingError, transaction

from povreg.proof.models import SigningKey
from povreg.proof.signing import KEY, Signer, signers

FOREIGN = (
    "SIGNING_KEYS 不是这个数据库登记的签名密钥（{given}，登记的是 {known}）：这样签的名没有人认。没有改动任何数据。"
    "更换密钥时请把新密钥放在最前、原密钥放在其后，运行一次 migrate；原密钥已丢失时请用 signing_key --renew。"
)
OLD = "SIGNING_KEYS 的第一个密钥（{given}）已由 {known} 接替，不能再用来签名。没有改动任何数据。请把 {known} 放在最前。"


class SigningKeyError(Exception):
    """The keys do not fit; the text tells the operator what to do."""


def check_signing_keys() -> None:
    """Compare with what the database knows. Raises SigningKeyError. A database that is not there (yet) knows none."""
    with suppress(OperationalError, ProgrammingError):
        rows = known()
        if rows:
            compare(signers()[0], rows)


def known() -> list[SigningKey]:
    return list(SigningKey.objects.order_by("-since", "-pk"))


def compare(first: Signer, rows: list[SigningKey]) -> None:
    newest = newest_of(rows)
    if first.key_id == newest.key_id:
        return
    words = OLD if first.key_id in {row.key_id for row in rows} else FOREIGN
    raise SigningKeyError(words.format(given=first.key_id, known=newest.key_id))


def newest_of(rows: list[SigningKey]) -> SigningKey:
    """The one that nobody has taken over from."""
    return next((row for row in rows if not row.vouched_by), rows[0])


def record_signing_keys() -> None:
    """Register the key that signs, after ``migrate`` and as the owner; a new one vouches for the one before, which must
    still be configured. Raises SigningKeyError."""
    first, *others = signers()
    rows = known()
    if not rows:
        SigningKey.objects.create(key_id=first.key_id, public=first.public)
        return
    if newest_of(rows).key_id in {other.key_id for other in others} and first.key_id not in {r.key_id for r in rows}:
        take_over(first, newest_of(rows))
    compare(first, known())


def take_over(first: Signer, before: SigningKey, note: str = "") -> None:
    """The new key vouches for the public part of the one before."""
    with transaction.atomic():
        SigningKey.objects.create(key_id=first.key_id, public=first.public, note=note)
        before.vouched_by, before.voucher = first.key_id, first.sign(KEY, before.public)
        before.save(update_fields=["vouched_by", "voucher"])


def renew(reason: str) -> SigningKey:
    """Take the configured key although the one before is lost. As the owner; the reason stands beside the key for
    everybody to read. Returns the key it takes over from. Raises SigningKeyError when it is in use already."""
    first, rows = signers()[0], known()
    if first.key_id in {row.key_id for row in rows}:
        raise SigningKeyError(f"SIGNING_KEYS 的第一个密钥（{first.key_id}）已经登记，不需要更换。")
    before = newest_of(rows)
    take_over(first, before, reason)
    return before
