"""What the addresses of operations answer to whom; read by routes.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.villages import trusted
from villages.rights import Role

SEE = frozenset(
    {Role.COUNTY_OFFICER, Role.COUNTY_LEADER, Role.SECURITY_ADMIN, Role.LOG_OFFICER, Role.AUDITOR, Role.INSPECTOR}
)
ASK = frozenset({Role.COUNTY_OFFICER, Role.INSPECTOR})
GRANT, END = frozenset({Role.SECURITY_ADMIN}), frozenset({Role.SECURITY_ADMIN, Role.COUNTY_OFFICER})
READERS = frozenset(
    {
        Role.VILLAGE_CADRE, Role.HELPER, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_LEADER,
        Role.DEPARTMENT_OFFICER, Role.AUDITOR, Role.INSPECTOR,
    }
)  # fmt: skip
WRITERS = frozenset({Role.VILLAGE_CADRE, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER})
LOGS = frozenset({Role.LOG_OFFICER})
MAKERS = {
    "consent": lambda world: trusted.consent(world.household),
    "timed_access": lambda world: trusted.timed_access(),
}
ADMINS = frozenset({Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN})


def sent(page: Any) -> tuple[Any, Any]:
    """A page and its form."""
    return page, replace(page, method="post")


def pages(route: Any, pk_of: Any) -> dict[str, Any]:
    """``route`` is that of routes.py. Without a token of its own nobody learns that there are numbers."""
    return {
        "metrics": route(may=frozenset(), refused=404, anonymous=404),
        "system/": route(may=ADMINS | {Role.LOG_OFFICER}),
        "sign-ins/": route(may=LOGS),
        "households/<int:pk>/privacy/": route(may=READERS, kwargs=pk_of("household")),
        "households/<int:pk>/consents/new/": sent(route(may=WRITERS, kwargs=pk_of("household"))),
        "households/consents/<int:pk>/withdraw/": sent(route(may=WRITERS, kwargs=pk_of("consent"))),
        "timed-access/": route(may=SEE),
        "timed-access/new/": sent(route(may=ASK)),
        **{
            f"timed-access/<int:pk>/{name}/": route(may=may, kwargs=pk_of("timed_access"), method="post")
            for name, may in (("grant", GRANT), ("refuse", GRANT), ("end", END))
        },
    }


def api(reading: Any, sending: Any, pk_of: Any) -> dict[str, Any]:
    row = {"kwargs": pk_of("timed_access")}
    return {
        "sign-ins/": reading(LOGS),
        "consents/": (reading(READERS), sending(WRITERS)),
        "consents/<int:pk>/": reading(READERS, kwargs=pk_of("consent")),
        "consents/<int:pk>/withdraw/": sending(WRITERS, kwargs=pk_of("consent")),
        "timed-access/": (reading(SEE), sending(ASK)),
        "timed-access/<int:pk>/": reading(SEE, **row),
        "timed-access/<int:pk>/grant/": sending(GRANT, ok=(200,), **row),
        "timed-access/<int:pk>/refuse/": sending(GRANT, **row),
        "timed-access/<int:pk>/end/": sending(END, **row),
    }
