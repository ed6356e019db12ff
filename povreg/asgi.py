"""Entry point of an ASGI server; gunicorn uses wsgi.py."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")
application = get_asgi_application()
