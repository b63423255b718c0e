"""The WSGI application that granian serves."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from lyhord.config.starting import once_started

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lyhord.config.settings")

if settings.SECRET_KEY in {"", getattr(settings, "NO_SECRET_KEY", "")}:
    raise ImproperlyConfigured("Set LYHORD_SECRET_KEY or LYHORD_SECRET_KEY_FILE: links and log-ins hang on it.")

application = once_started(get_wsgi_application())
