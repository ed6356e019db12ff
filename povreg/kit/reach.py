"""How far the statements of this request, task or command may reach: the second lock (row-level security).

The tables of the register show a statement only the rows inside the *reach* that travels with it, in the same message
to the server and for its transaction only, so that nothing stays behind in a session that a pooler hands to somebody
else. Without one no row is seen. Policies: villages/rights/policies.py; docs/decisions/0066-second-lock.md.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created
from psycopg2 import sql

from povreg.kit.scopes import end_of

SETTING = "povreg.reach"
HINT = "/* povreg.reach */"  # for statements that do not name their tables
READING = "/* povreg.reads */"  # for those that only read, which cannot be seen from their first word
ACCOUNT = "povreg.account"
READS = re.compile(r"\s*(SELECT|SHOW|FETCH|DECLARE)\b", re.IGNORECASE)
NOT_PREFIXED = re.compile(
    r"\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|START|VACUUM|REINDEX|(CREATE(\s+UNIQUE)?|DROP)\s+INDEX\s+CONCURRENTLY)\b",
    re.IGNORECASE,
)
"""Ends, begins or is refused in a transaction; a prefix would make one of it."""
CODE = re.compile(r"\d{2,15}")
ALL = "{(,)}"


@dataclass(frozen=True)
class Reach:
    """``places``: where every row is seen; ``around``: where rows that name no household are seen, too; ``helper``: the
    account whose own households are seen (empty for none). Places are ranges of codes as PostgreSQL writes them.
    ``role`` is the database role that the statements take on (povreg.kit.reader_role), for the account ``account``."""

    places: str = "{}"
    around: str = "{}"
    helper: str = ""
    role: str = ""
    account: str = ""

    @property
    def prefix(self) -> str:
        """The statement that sets it for the transaction."""
        reached = f"SET LOCAL {SETTING} = '{self.places}|{self.around}|{self.helper}'; "
        return reached + (f"SET LOCAL {ACCOUNT} = '{self.account}'; {taking(self.role)}" if self.role else "")


NOWHERE = Reach()
EVERYWHERE = Reach(ALL, ALL)
Asked = Callable[[], Reach]
_now: ContextVar[Reach | Asked] = ContextVar("reach", default=NOWHERE)
_secured: set[str] = set()


def ranges_of(codes: Iterable[str]) -> str:
    """The places as ranges; those inside others left out, neighbours joined. Raises ValueError for what is no code."""
    found: list[list[str]] = []
    for code in sorted(set(codes)):
        if code and not CODE.fullmatch(code):
            raise ValueError("not the code of a place")
        if not code:
            return ALL
        if found and code.startswith(found[-1][1]):
            continue
        if found and len(code) == len(found[-1][1]) and int(code) == int(found[-1][1]) + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "{" + ",".join(f"[{first},{end_of(last)})" for first, last in found) + "}"


def at(*codes: str) -> Reach:
    """Every row of these places."""
    places = ranges_of(codes)
    return Reach(places, places)


@contextlib.contextmanager
def reaching(reach: Reach | Asked) -> Iterator[None]:
    """The body's statements see as far as this (or as far as it answers when a statement asks)."""
    token = _now.set(reach)
    try:
        yield
    finally:
        _now.reset(token)


WIDER: dict[str, str] = {}


def declare_wider(reasons: Mapping[str, str]) -> None:
    """Add lawful wider questions: a name, and why the question must see beyond the asker's places."""
    WIDER.update(reasons)


@contextlib.contextmanager
def wider(name: str) -> Iterator[None]:
    """The body asks a question that lawfully sees farther than whoever asks (or a decorator): its answer is yes, no or
    a village's name, or it is for the public. Raises LookupError for a question that nobody declared."""
    if name not in WIDER:
        raise LookupError(f"no wider question {name!r} is declared")
    asking = _now.get()
    with reaching(lambda: _as_asked_by(asking)):
        yield


def _as_asked_by(asking: Reach | Asked) -> Reach:
    """Everywhere, in the role of whoever asks: a wider question is no way to write."""
    with reaching(asking):
        own = current()
    return replace(EVERYWHERE, role=own.role, account=own.account)


def current() -> Reach:
    """The reach of a statement made now."""
    reach = _now.get()
    if isinstance(reach, Reach):
        return reach
    with reaching(NOWHERE):  # whoever is asked makes statements himself
        return reach()


def secure_tables(names: Iterable[str]) -> None:
    """Which names in a statement mean that it touches secured tables (beginnings will do)."""
    _secured.update(names)


def touches(statement: str) -> bool:
    """Whether a statement names a secured table."""
    return HINT in statement or any(name in statement for name in _secured)


def hinted(statement: str, text: str) -> str:
    """``text`` runs ``statement`` under another name; says that this touches secured tables, or else that it reads."""
    if touches(statement):
        return f"{text} {HINT}"
    return f"{text} {READING}" if READS.match(statement) else text


def taking(role: str) -> str:
    """Takes a role on for the rest of the transaction."""
    return f'SET LOCAL ROLE "{role}"; '


def carry(execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Send the reach with every statement that touches a secured table, and a role with all that may write."""
    text = statement if isinstance(statement, str) else statement.as_string(context["connection"].connection)
    secured = touches(text)
    if NOT_PREFIXED.match(text) or (not secured and (READS.match(text) or text.endswith(READING))):
        return execute(statement, params, many, context)
    prefix = _prefix(context["connection"], secured)
    if not prefix:
        return execute(statement, params, many, context)
    if getattr(context["cursor"].cursor, "name", None):
        return _declared(prefix, execute, statement, params, many, context)
    whole = prefix + statement if isinstance(statement, str) else sql.SQL(prefix) + statement
    return execute(whole, params, many, context)


def _prefix(connection: Any, secured: bool) -> str:
    """What goes before a statement. Within one transaction a role that was taken on stays, so that others after it
    (a task run in place, the next request of a test) lay it down first."""
    reach = current()
    open_transaction = not connection.connection.autocommit
    if reach.role:
        connection.povreg_role_taken = open_transaction
        return reach.prefix
    prefix = reach.prefix if secured else ""
    if not getattr(connection, "povreg_role_taken", False):
        return prefix
    connection.povreg_role_taken = open_transaction
    return prefix + taking(settings.DATABASE_APP["USER"]) if open_transaction else prefix


def _declared(
    prefix: str, execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """A cursor on the server is declared by a statement of its own: the reach goes before it, in one transaction."""
    link = context["connection"].connection
    own = link.autocommit
    with link.cursor() as plain:
        plain.execute(f"BEGIN; {prefix}" if own else prefix)
        try:
            result = execute(statement, params, many, context)
        except BaseException:
            if own:
                plain.execute("ROLLBACK")
            raise
        if own:
            plain.execute("COMMIT")
        return result


def on_connection(connection: Any, **_: Any) -> None:
    if carry not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, carry)  # whoever puts one on for a while takes the last one off


connection_created.connect(on_connection, dispatch_uid="povreg.reach")
