"""For `schemathesis run --phases stateful` (docs/api.md): lists are asked for whole, because with invented filters they
are empty and no link leads on from them. What a link itself gives stays."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    if context.operation.method != "get" or not query:
        return query
    needed = {each.name for each in context.operation.query if each.is_required}
    return {name: value for name, value in query.items() if name in needed}
