"""The keys in a file of their own, sealed by a pass phrase: kept apart from the backups, or both are lost together."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from povreg.shell.embedded import ServerError

MAGIC = b"POVKEYS1"
SALT, NONCE = 16, 12
SHORTEST = 16  # characters of a pass phrase


def sealed(phrase: str) -> bytes:
    """Every key of this installation. Raises ServerError for a phrase that can be guessed."""
    if len(phrase) < SHORTEST:
        raise ServerError(f"口令太短：至少 {SHORTEST} 个字符，请写在纸上另外保管。")
    said = {
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "SIGNING_KEYS": ",".join(settings.SIGNING_KEYS),
        "BACKUP_KEY": settings.BACKUP_KEY,
    }
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    return MAGIC + salt + nonce + AESGCM(_key(phrase, salt)).encrypt(nonce, json.dumps(said).encode(), MAGIC)


def opened(content: bytes, phrase: str) -> dict[str, str]:
    """Raises ServerError."""
    head, rest = content[: len(MAGIC)], content[len(MAGIC) :]
    salt, nonce, body = rest[:SALT], rest[SALT : SALT + NONCE], rest[SALT + NONCE :]
    try:
        if head != MAGIC:
            raise InvalidTag
        found: dict[str, str] = json.loads(AESGCM(_key(phrase, salt)).decrypt(nonce, body, MAGIC))
    except (InvalidTag, ValueError) as fault:
        raise ServerError("密钥文件打不开：口令不对，或文件被改动。") from fault
    return found


def _key(phrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(phrase.encode())


def write(path: Path, phrase: str) -> None:
    """Into a new file that only its owner reads. Raises ServerError, FileExistsError."""
    content = sealed(phrase)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
