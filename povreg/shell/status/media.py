"""Whether MEDIA_ROOT is the folder of this database: on a second host without the shared one every file is missing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection

from povreg.kit.storage import make_folder

MARK = ".povreg"


def mark() -> str:
    """What the folder says whose it is: a name made from the server's and the database's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text || current_database() FROM pg_control_system()")
        return hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()[:32]


def sign_media() -> None:
    """Mark the folder, as ``migrate`` and ``restore`` do. As the owner."""
    folder = Path(settings.MEDIA_ROOT)
    make_folder(folder)
    (folder / MARK).write_text(mark())


def is_shared() -> bool:
    """Whether the folder bears a mark. (The application may not ask for the server's name, so not whose.)"""
    return (Path(settings.MEDIA_ROOT) / MARK).is_file()
