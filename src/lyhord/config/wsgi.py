"""The WSGI application that granian serves."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lyhord.config.settings")

if settings.SECRET_KEY in {"", getattr(settings, "NO_SECRET_KEY", "")}:
    raise ImproperlyConfigured("Set LYHORD_SECRET_KEY or LYHORD_SECRET_KEY_FILE: links and log-ins hang on it.")

application = get_wsgi_application()
