"""The one settings file; what differs between machines is read from the environment (LYHORD_…)."""

from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from lyhord.config import environment as env
from lyhord.files.presign import Bucket

BASE = Path(__file__).resolve().parent.parent
DATA = env.folder("DATA", Path("~/.local/share/lyhord"))
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")

NO_SECRET_KEY = "not-set"  # noqa: S105  # no secret: wsgi.py refuses to serve with it
SECRET_KEY = env.secret("SECRET_KEY", NO_SECRET_KEY)
LYHORD_VIRUS_SCANNER = env.text("VIRUS_SCANNER")
OPEN311_HOSTS = frozenset(env.words("OPEN311_HOSTS"))  # of several organisations (docs/open311.md)
ALLOWED_HOSTS = ["*"]  # the hostname table decides: an unknown host gets 404 (organisations.middleware)

INSTALLED_APPS = [
    "lyhord.core",
    "lyhord.audit",
    "lyhord.jobs",
    "lyhord.organisations",
    "lyhord.accounts",
    "lyhord.places",
    "lyhord.files",
    "lyhord.notifications",
    "lyhord.following",
    "lyhord.cases",
    "lyhord.matters",
    "lyhord.opendata",
    "lyhord.residents",
    "lyhord.intake",
    "lyhord.exchange",
    "lyhord.engagement",
    "lyhord.collaboration",
    "lyhord.www",
    "lyhord.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "js_lib_leaflet",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lyhord.www.open311.failures.FormattedErrorsMiddleware",
    "lyhord.www.api.problems.ProblemMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "lyhord.www.open311.several.SharedEndpointMiddleware",
    "lyhord.residents.middleware.ExchangeMiddleware",
    "lyhord.organisations.middleware.OrganisationMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lyhord.www.language.LanguageMiddleware",
    "lyhord.www.sizes.SizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lyhord.accounts.middleware.StaffMiddleware",
    "lyhord.www.errors.PlainErrorsMiddleware",
]

ROOT_URLCONF = "lyhord.config.urls"
WSGI_APPLICATION = "lyhord.config.wsgi.application"
_LOADERS, _PLACES = "django.template.loaders", ("filesystem", "app_directories")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "OPTIONS": {
            "loaders": [("lyhord.core.folded.loader.Loader", [f"{_LOADERS}.{name}.Loader" for name in _PLACES])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lyhord.www.context.organisation",
            ],
        },
    },
]
FORM_RENDERER = "lyhord.www.widgets.Renderer"

# The application connects as a role that owns nothing; migrations run as the owner (ADR 3).
_app_url = env.text("DATABASE_URL", "postgresql:///lyhord")
DATABASES = {
    "default": env.database(_app_url),
    "owner": {**env.database(env.text("OWNER_DATABASE_URL") or _app_url), "TEST": {"MIRROR": "default"}},
}
MIGRATION_DATABASE = "owner"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

TASKS = {"default": {"BACKEND": "lyhord.jobs.backend.PostgresBackend", "QUEUES": [], "OPTIONS": {}}}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lyhord.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lyhord.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "lyhord.accounts.forms.LoginForm",
    "reset_password": "lyhord.accounts.forms.ResetPasswordForm",
    "add_email": "lyhord.accounts.forms.AddEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,30/m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lyhörd"
SESSION_ENGINE = "lyhord.accounts.sessions"
SESSION_COOKIE_NAME = "lyhord"
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env.flag("HTTPS")
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lyhord.www.errors.csrf_failure"
CSRF_COOKIE_NAME = "lyhord_csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if env.flag("HTTPS") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TILE_URL = env.text("TILE_URL")
TILE_ATTRIBUTION = env.text("TILE_ATTRIBUTION")
_images = [CSP.SELF, "data:", "blob:", *env.words("TILE_ORIGINS")]  # and S3, below
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": _images,
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# Language and time: Swedish is the language of the source texts
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Svenska")), ("en", _("English")), ("fi", _("Suomi"))]
STAFF_LANGUAGES = ("sv", "en")  # desk and settings are in these; residents' pages in all of LANGUAGES
# Minority languages that residents can choose: the organisation's own words are shown in them, the rest in Swedish.
OWN_WORDS_LANGUAGES = {"se": "Davvisámegiella", "fit": "Meänkieli"}
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_NAME = "lyhord_language"
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_I18N = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC") or None  # where files are collected and compressed; else served as they lie
STATICFILES_DIRS = [BASE / "static"]
MEDIA_ROOT = env.folder("FILES", DATA / "files")
MATTERS_FOLDER = env.folder("MATTERS_FOLDER", DATA / "matters")  # papers to read: matters/sources/file_drop.py
WHITENOISE_USE_FINDERS = env.flag("STATIC_FROM_SOURCE", default=True)
_s3 = env.text("S3_BUCKET")
_s3_region = env.text("S3_REGION") or "us-east-1"
_s3_endpoint = env.text("S3_ENDPOINT") or f"https://s3.{_s3_region}.amazonaws.com"
S3 = (  # where browsers are sent for pictures; None with a folder on disk
    Bucket(
        endpoint=env.text("S3_PUBLIC_ENDPOINT") or _s3_endpoint,
        name=_s3,
        region=_s3_region,
        access_key=env.text("S3_ACCESS_KEY"),
        secret_key=env.secret("S3_SECRET_KEY", ""),
    )
    if _s3
    else None
)
STAGED_MOST_BYTES = env.number("STAGED_MOST_MB", 1000) * 1_000_000  # of each organisation's, while S3 is away
if S3 is not None:
    _images.append(S3.origin)


def _s3_patience() -> object:
    """Workers wait for the storage, but not long: without this it is five minutes (botocore's own)."""
    from botocore.config import Config  # type: ignore[import-untyped]  # it has no types

    return Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2})


STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _s3,
            "endpoint_url": _s3_endpoint,
            "addressing_style": "path",
            "access_key": env.text("S3_ACCESS_KEY"),
            "secret_key": env.secret("S3_SECRET_KEY", ""),
            "region_name": _s3_region,
            "default_acl": None,
            "querystring_auth": True,
            "client_config": _s3_patience(),
        },
    }
    if _s3
    else {"BACKEND": "lyhord.files.disk.Disk"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    if env.flag("STATIC_HASHED")
    else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # who picks too many pictures is told so by the form, with what they wrote

# How often one program reads by the API in a minute
API_READS_A_MINUTE = env.number("API_READS_A_MINUTE", 600)

# Mail out; in the demo nothing leaves, and the outbox page shows it
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_mailer = env.text("EMAIL_BACKEND") or ("lyhord.notifications.demo_mail.DemoBackend" if DEMO else _SMTP)
MAILERS = {
    "default": {
        "BACKEND": _mailer,
        "OPTIONS": {
            "host": env.text("EMAIL_HOST", "localhost"),
            "port": env.number("EMAIL_PORT", 25),
            "username": env.text("EMAIL_USER"),
            "password": env.secret("EMAIL_PASSWORD", ""),
            "use_tls": env.flag("EMAIL_TLS"),
            "use_ssl": env.flag("EMAIL_SSL"),
            "timeout": 20,
        }
        if _mailer == _SMTP
        else {},
    }
}
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "svara-inte@lyhord.localhost")

# The addresses that messages outward link to: the organisation's primary host name, with these
PUBLIC_SCHEME = env.text("PUBLIC_SCHEME", "http" if DEMO else "https")
PUBLIC_PORT = env.text("PUBLIC_PORT")

# Calls to other machines (core/http.py): which ports, and which networks of our own may be called all the same
OUTWARD_PORTS = [int(port) for port in env.words("OUTWARD_PORTS", "80 443")]
OUTWARD_ALLOW = env.words("OUTWARD_ALLOW")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_keys": {"()": "lyhord.core.logs.WithoutKeys"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_keys"]},
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
