"""Settings of the small project; read from the same variables as the product's."""

import os

from lyhord.config import environment

SECRET_KEY = environment.secret("SECRET_KEY", "")
DEMO = environment.flag("DEMO")
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["tests.config.house"]
ROOT_URLCONF = "tests.config.house.urls"
MIGRATION_DATABASE = "owner"
DATABASES = {
    "default": environment.database(os.environ["LYHORD_DATABASE_URL"]),
    "owner": environment.database(os.environ["LYHORD_OWNER_DATABASE_URL"]),
}
