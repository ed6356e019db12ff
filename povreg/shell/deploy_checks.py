"""What ``check --deploy`` asks beyond Django's own."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning as CheckWarning, register

from povreg.kit.app_role import owns_itself


def two_database_roles(**_: Any) -> list[CheckMessage]:
    """Web and worker must not own the tables: whoever owns them can switch off triggers and rewrite history."""
    if not owns_itself():
        return []
    hint = "Give DATABASE_URL a role of its own and DATABASE_OWNER_URL the owner (see .env.example), then migrate."
    return [CheckWarning("The application connects as the owner of its tables.", hint=hint, id="povreg.W001")]


def connect() -> None:
    register(two_database_roles, Tags.security, deploy=True)
