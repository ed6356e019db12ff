"""Entry point of gunicorn."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from povreg.kit.limits import WEB, limit_sessions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")
application = get_wsgi_application()
import_string("povreg.shell.keys.check_keys")()  # models load with the application
limit_sessions(WEB)

# What was loaded stays for good, so no collection need look at it again; and requests leave hardly any cycles behind.
# 0.5 ms of 15 ms a request went into collections, 0.2 ms do now, and whole ones over all that is loaded are rare.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 100)

# Threads of a process take turns every 5 ms by default, and one that comes back from the database waits for its turn;
# with 50 ms a busy process answers a seventh more requests (docs/performance.md).
sys.setswitchinterval(0.05)
