"""The county's signature: Ed25519, with a key that is not in the database.

``settings.SIGNING_KEYS`` (base64, 32 bytes each): the first one signs. A new key is put in front of the old one for one
``migrate``, which has the new one vouch for the old one's public part (:class:`SigningKey`); then the old one may go,
and everything it signed still proves itself. What is signed begins with what it is for, so that a signature of one kind
is none of another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from povreg.proof.models import SigningKey

BOOK, FILE, SEAL, ERASURE, KEY = "book", "file", "seal", "erasure", "key"


@dataclass(frozen=True)
class Signer:
    """A configured key."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    @property
    def key_id(self) -> str:
        return id_of(self.public)

    def sign(self, purpose: str, text: str) -> str:
        return base64.b64encode(self.private.sign(message(purpose, text))).decode()


@dataclass(frozen=True)
class Signature:
    """Who signed (id of the key), and the signature in base64."""

    key_id: str
    text: str


def id_of(public: str) -> str:
    """The short name of a public key."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()[:16]


def message(purpose: str, text: str) -> bytes:
    """What is signed; docs/proof.md tells it to whoever checks without us."""
    return f"povreg {purpose} 1\n{text}\n".encode()


@lru_cache(maxsize=4)
def _signers(keys: tuple[str, ...]) -> tuple[Signer, ...]:
    return tuple(Signer(Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))) for key in keys)


def signers() -> tuple[Signer, ...]:
    """The configured keys, the one that signs first."""
    return _signers(tuple(settings.SIGNING_KEYS))


def sign(purpose: str, text: str) -> Signature:
    signer = signers()[0]
    return Signature(signer.key_id, signer.sign(purpose, text))


def trusted() -> dict[str, str]:
    """Public keys by id: the one that signs, and those that a trusted key vouched for."""
    signer = signers()[0]
    found = {signer.key_id: signer.public}
    waiting = list(SigningKey.objects.order_by("-since", "-pk"))
    while fit := [row for row in waiting if row.vouched_by in found and vouched(row, found[row.vouched_by])]:
        found |= {row.key_id: row.public for row in fit}
        waiting = [row for row in waiting if row.key_id not in found]
    return found


def vouched(row: SigningKey, public: str) -> bool:
    return row.key_id == id_of(row.public) and holds(public, KEY, row.public, row.voucher)


def holds(public: str, purpose: str, text: str, signature: str) -> bool:
    """Whether the signature is that of this key over the text."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(base64.b64decode(signature), message(purpose, text))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def is_ours(purpose: str, text: str, signature: Signature, keys: dict[str, str] | None = None) -> bool:
    """Whether a trusted key signed it; ``keys`` as :func:`trusted` answered, where many are asked for."""
    public = (trusted() if keys is None else keys).get(signature.key_id)
    return public is not None and holds(public, purpose, text, signature.text)


def pem_of(public: str) -> str:
    """The public key in the form that other programs take."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
