"""Entry point of an ASGI server; gunicorn uses wsgi.py."""

import os

from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")
application = get_asgi_application()
import_string("povreg.shell.keys.check_keys")()  # models load with the application
