"""Settings of the small project; read from the same variables as the product's."""

from lyhord.config import environment

SECRET_KEY = environment.secret("SECRET_KEY", "")
DEMO = environment.flag("DEMO")
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.staticfiles", "tests.config.house"]
STATIC_URL = "/static/"
STATIC_ROOT = environment.text("STATIC")
ROOT_URLCONF = "tests.config.house.urls"
MIGRATION_DATABASE = "owner"
DATABASES = {
    "default": environment.database(environment.text("DATABASE_URL", "postgresql:///lyhord")),
    "owner": environment.database(environment.text("OWNER_DATABASE_URL", "postgresql:///lyhord")),
}
