"""What jurisdiction declares: its policies in the database."""

from povreg.kit import reader_role
from povreg.kit.app_role import harden_by
from villages.rights.policies import declare_tables, secure_rows


def connect() -> None:
    declare_tables()
    harden_by(secure_rows)
    reader_role.connect()
