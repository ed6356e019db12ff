"""PostgreSQL and Redis without an installation.

A laptop and the tests get both servers from wheels. Their data lie in a *home* directory, they listen on unix
sockets only, and whoever uses them holds a lease: the first one in starts them, the last one out stops them.
"""

from .lease import Servers, ensure
from .places import Layout, ServerError, keep_once, layout_of, make_home

__all__ = ["Layout", "ServerError", "Servers", "ensure", "keep_once", "layout_of", "make_home"]
