"""All settings, from the environment (and `.env`, if present). `.env.example` lists every variable.

With DEBUG off nothing has an unsafe default: a missing secret or host list stops the start with its name.
"""

import tomllib
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from appointments_site import database_settings, error_reports, logs, message_settings, readers

BASE_DIR = Path(__file__).resolve().parent.parent
# The release that runs, read once.
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
DEVELOPMENT_SECRET = "only-for-development"  # noqa: S105  (refused below when DEBUG is off)

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))


# -- Safety first --------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET if DEBUG else "")
# Secrets from before: what they signed (sessions, links) is still good, nothing new is signed with them.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])

if not DEBUG:
    readers.require_strong_secret("SECRET_KEY", SECRET_KEY, default=DEVELOPMENT_SECRET)
    for secret in SECRET_KEY_FALLBACKS:
        readers.require_strong_secret("SECRET_KEY_FALLBACKS", secret, default=DEVELOPMENT_SECRET)
    readers.require_named_hosts(ALLOWED_HOSTS)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # probes come from inside, without TLS
SECURE_HSTS_SECONDS = 0 if DEBUG else readers.seconds(env, "SECURE_HSTS_SECONDS", 365 * 24 * 3600)
# Only where asked for: they bind the clinic's other hosts too, and browsers don't forget.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured("SECURE_HSTS_PRELOAD needs SECURE_HSTS_INCLUDE_SUBDOMAINS as well.")
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = readers.trusted_proxies(env.str("TRUSTED_PROXIES", default=""))  # accounts/addresses.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # a working day, from signing in, whatever is pressed
SESSION_IDLE_MINUTES = readers.whole_number(env, "SESSION_IDLE_MINUTES", 30, least=5, most=720, of="minutes")
# Messages name patients: Django's usual storage would put them into a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "scheduling.views.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# -- The clinic ----------------------------------------------------------------

CLINIC_NAME = env.str("CLINIC_NAME", default="Clínica San Telmo" if DEBUG else "The clinic")
CLINIC_PHONE = env.str("CLINIC_PHONE", default="")
CLINIC_ADDRESS = env.str("CLINIC_ADDRESS", default="")
CLINIC_MAP_URL = readers.web_address(env, "CLINIC_MAP_URL")  # empty: a search for the address
CLINIC_TIME_ZONE = env.str("CLINIC_TIME_ZONE", default="Europe/Madrid")
try:
    ZoneInfo(CLINIC_TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError) as error:
    raise ImproperlyConfigured(
        f"CLINIC_TIME_ZONE: no time zone is called {CLINIC_TIME_ZONE!r}. Use a name like Europe/Madrid."
    ) from error

# Times are stored in UTC and spoken in the clinic's zone, in every template and form.
USE_TZ = True
TIME_ZONE = CLINIC_TIME_ZONE
USE_I18N = True
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", "English"), ("es", "Español")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "locale"]
PHONENUMBER_DEFAULT_REGION = env.str("CLINIC_PHONE_REGION", default="ES")
PHONENUMBER_DB_FORMAT = "E164"

# -- Application ---------------------------------------------------------------

INSTALLED_APPS = [
    "appointments_site",  # first: its runserver and check stand in for those of others
    "scheduling",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "phonenumber_field",
]

MIDDLEWARE = [
    "appointments_site.request_ids.RequestIdMiddleware",
    "appointments_site.middleware.CountingMiddleware",
    "scheduling.api.middleware.ApiMiddleware",  # whatever those below refuse becomes a problem in JSON
    "django.middleware.security.SecurityMiddleware",
    "appointments_site.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "appointments_site.middleware.CompressionMiddleware",
    "appointments_site.middleware.ContentPolicyMiddleware",
    "accounts.middleware.NotStoredMiddleware",
    "appointments_site.unavailable.UnavailableMiddleware",  # outside of all that asks the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "scheduling.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "appointments_site.middleware.PlainNotFoundMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "appointments_site.urls"
WSGI_APPLICATION = "appointments_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"  # INT, as the documented system had it
FORM_RENDERER = "appointments_site.jinja.FormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scheduling.views.context.clinic",
            ],
            "builtins": [
                "scheduling.templatetags.clinic",
                "scheduling.templatetags.include_jinja",
                "scheduling.templatetags.people",
                "scheduling.templatetags.rights",
            ],
        },
    },
    {
        # What repeats on a page by the dozen (appointments_site/jinja.py).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "appointments_site.jinja.environment"},
    },
]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
if not DEBUG and env.bool("HASHED_STATIC_FILES", default=True):
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "appointments_site.static_files.StaticFiles"},
    }

# -- Database ------------------------------------------------------------------

VAR = BASE_DIR / "var"  # what the running program writes; not in version control
VAR.mkdir(exist_ok=True)
DATABASES = {
    "default": database_settings.of_url(
        env.str("DATABASE_URL", default="") or f"sqlite:///{VAR / 'appointments.sqlite3'}",
        kept_open=readers.seconds(env, "CONN_MAX_AGE", 60),
        file_of_tests=env.str("TEST_DATABASE_FILE", default=str(VAR / "test.sqlite3")),
    )
}

# All that one request asks of the database, and asks again, is begun within these seconds; then it is 503.
REQUEST_DEADLINE = readers.whole_number(env, "REQUEST_DEADLINE", 10, least=2, most=300, of="seconds")

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# -- People --------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "accounts.sessions"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "accounts.hashers.TwoAtOnceArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Five wrong passwords for one name from one address make that pair wait a quarter of an hour; so many for
# whichever names, everybody at that address (accounts/lockout.py).
SIGN_IN_TRIES_PER_ADDRESS = readers.whole_number(
    env, "SIGN_IN_TRIES_PER_ADDRESS", 50, least=5, most=1_000_000, of="tries"
)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "accounts.lockout.Handler"
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.counted_address"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
# axes keeps what a wrong try posted, less these: the form that was carried along names patients.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "kept", "next", "csrfmiddlewaretoken"]

# -- Other programs --------------------------------------------------------------

# How many requests a minute a key may make, by its scope (accounts/api_keys.py).
API_LIMITS = {
    "read": readers.requests_a_minute(env, "API_READS_A_MINUTE", 600),
    "book": readers.requests_a_minute(env, "API_BOOKINGS_A_MINUTE", 300),
    "manage": readers.requests_a_minute(env, "API_MANAGE_A_MINUTE", 6000),
}

# -- Jobs ------------------------------------------------------------------------

# Folders that run_jobs writes into; it leaves out what has none.
DAY_SHEET_FOLDER = env.str("DAY_SHEET_FOLDER", default="")
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="")
BACKUP_KEEP = readers.whole_number(env, "BACKUP_KEEP", 14, least=1, most=1000, of="backups")

# -- Messages to patients ----------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = readers.whole_number(env, "EMAIL_TIMEOUT", 20, least=1, most=300, of="seconds")
_messages = message_settings.read(env, debug=DEBUG)
PUBLIC_URL: str = _messages["PUBLIC_URL"]
DEFAULT_FROM_EMAIL: str = _messages["DEFAULT_FROM_EMAIL"]
MAIL_RETURN_PATH: str = _messages["MAIL_RETURN_PATH"]
WEBHOOK_URL: str = _messages["WEBHOOK_URL"]
WEBHOOK_SECRET: str = _messages["WEBHOOK_SECRET"]
REPLIES_SECRET: str = _messages["REPLIES_SECRET"]
NOTICE_UNDO_MINUTES: int = _messages["NOTICE_UNDO_MINUTES"]
NOTICE_CHANNELS: list[str] = _messages["NOTICE_CHANNELS"]

# -- Numbers for Prometheus, at /metrics: no such page without a token ---------

METRICS_TOKEN = readers.token(env, "METRICS_TOKEN")

# -- Logging: to standard error, never with personal data ----------------------

LOG_FORMAT = readers.one_of(env, "LOG_FORMAT", logs.FORMATS)
SENTRY_DSN = env.str("SENTRY_DSN", default="")
LOGGING = logs.settings(LOG_FORMAT, reports=error_reports.start(SENTRY_DSN, VERSION))

# MariaDB has no unique expressions; there the column's own collation ignores case (models/people.py).
# HSTS for other hosts and for browsers' own lists is the clinic's decision (above).
SILENCED_SYSTEM_CHECKS = ["models.W044", "security.W005", "security.W021"]
