"""The kinds of procedures, each declared once in a file of its own as ``PROCEDURE`` (policy.md sections 1, 2, 6).

Nothing else need know a kind: what is asked of it stands in households.procedures.engine.procedure. Importing this
package makes the kinds of this folder known; whoever offers them as choices takes those from here.
"""

from importlib import import_module
from pkgutil import iter_modules

from households.procedures.engine.procedure import applied_for, drafted, enrol

__all__ = ["SHIPPED", "applied_for", "drafted"]

SHIPPED = tuple(import_module(f"{__name__}.{module.name}").PROCEDURE for module in iter_modules(__path__))
enrol(*SHIPPED)
