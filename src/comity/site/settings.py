"""Django's settings, made from the environment (see ``environment.py`` for each)."""

from __future__ import annotations

import sys
from pathlib import Path

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

from comity.errors import BadSetting
from comity.site.environment import data_folder, load_settings

django_stubs_ext.monkeypatch()

try:
    _set = load_settings()
except BadSetting as bad:
    sys.exit(f"comity: {bad}")

PACKAGE = Path(__file__).resolve().parent.parent
DATA = data_folder()

SECRET_KEY = _set["COMITY_SECRET_KEY"]
DEBUG = False
EXAMPLE = _set["COMITY_EXAMPLE"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if EXAMPLE else list(_set["COMITY_HOSTS"])
CSRF_TRUSTED_ORIGINS = list(_set["COMITY_ORIGINS"])
BODY_NAME = _set["COMITY_BODY_NAME"]
# An example publishes nothing; its file says so in its own identifiers.
IATI_REPORTER = _set["COMITY_IATI_REPORTER"] or ("XX-EXAMPLE-COMITY" if EXAMPLE else "")
RECORD_KEY = _set["COMITY_RECORD_KEY"]
EMBEDDER = _set["COMITY_EMBEDDER"]
PORT = _set["COMITY_PORT"]
FILES = _set["COMITY_FILES"] or str(DATA / "files")
FILE_LIMIT = _set["COMITY_FILE_LIMIT"]
MEMBER_QUOTA = _set["COMITY_MEMBER_QUOTA"]
CLAMD = _set["COMITY_CLAMD"]
QUARANTINE = _set["COMITY_QUARANTINE"]
PRIVATE_MIRRORS = _set["COMITY_PRIVATE_MIRRORS"]
ACCEL = _set["COMITY_ACCEL"]
TRUSTED_PROXIES = _set["COMITY_TRUSTED_PROXIES"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "comity.platform.work",
    "comity.platform.record",
    "comity.platform.parties",
    "comity.platform.alignment",
    "comity.platform.dialogue",
    "comity.platform.capacity",
    "comity.platform.commons",
    "comity.platform.decisions",
    "comity.web",
    "comity.site",
]
# Our own templates stand before those of allauth.
INSTALLED_APPS.insert(0, INSTALLED_APPS.pop(INSTALLED_APPS.index("comity.web")))

MIDDLEWARE = [
    "comity.web.middleware.RequestIdMiddleware",
    "comity.web.middleware.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "comity.web.middleware.PackingMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "comity.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "comity.web.middleware.FormMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comity.web.accounts.middleware.SecondStepMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "comity.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "comity.site.urls"
WSGI_APPLICATION = "comity.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.app_directories.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comity.web.context.frame",
            ],
            "builtins": ["comity.web.templatetags.comity"],
            "libraries": {"rounds": "comity.web.capacity.round_tags"},
        },
    }
]

# A persistent connection, an immediate write lock and a write-ahead log: with SQLite's defaults, half of the writes that
# meet each other fail (measured; see docs/decisions).
_database = _set["COMITY_DATABASE_URL"]
if _database and not _database.startswith("sqlite"):
    DATABASES = {"default": dj_database_url.parse(_database, conn_max_age=600, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": dj_database_url.parse(_database)["NAME"] if _database else str(DATA / "comity.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; "
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "comity.platform.parties.passwords.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = _set["COMITY_SIGN_IN_ATTEMPTS"]
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "comity.web.accounts.signing_in.locked_out"
AXES_USERNAME_CALLABLE = "comity.web.accounts.signing_in.name_for_lockout"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True

ACCOUNT_ADAPTER = "comity.web.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole meeting room signs in from one address; what is counted there is failures, and successes nowhere.
# A voice without an account comes in from there too: a hundred and twenty in ten minutes.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "100/m/ip,5/300s/key", "dialogue_join": "120/10m/ip"}
MFA_ADAPTER = "comity.web.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = BODY_NAME
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _set["COMITY_HTTPS"]
SOCIALACCOUNT_ADAPTER = "comity.web.accounts.adapters.SocialAdapter"
# A ministry's sign-in opens the account of the same address, where the ministry says that it has verified the address.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_DOMAINS = _set["COMITY_OIDC_DOMAINS"]
OIDC_SECOND_STEP = tuple(_set["COMITY_OIDC_SECOND_STEP"].split(",")) if _set["COMITY_OIDC_SECOND_STEP"] else ()
if _set["COMITY_OIDC_ISSUER"]:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "ministry",
                    "name": _set["COMITY_OIDC_NAME"],
                    "client_id": _set["COMITY_OIDC_CLIENT"],
                    "secret": _set["COMITY_OIDC_SECRET"],
                    "settings": {"server_url": _set["COMITY_OIDC_ISSUER"]},
                }
            ],
        }
    }

SMTP = _set["COMITY_SMTP_URL"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _set["COMITY_MAIL_FROM"]
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2]
BASE_URL = _set["COMITY_BASE_URL"] or next(iter(CSRF_TRUSTED_ORIGINS), f"http://127.0.0.1:{PORT}")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if SMTP else "django.core.mail.backends.dummy.EmailBackend"
)
if SMTP:
    EMAIL_HOST, EMAIL_PORT = SMTP.host, SMTP.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.user, SMTP.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP.encryption == "starttls", SMTP.encryption == "tls"
    EMAIL_TIMEOUT = 20

# Limits on attempts count in a table, so that they hold for all processes and machines together.
# With the default of 300 rows, attempts on other addresses would wash a count away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "comity_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [("comity", PACKAGE / "adapters" / "visual" / "static")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

_https = _set["COMITY_HTTPS"]
SESSION_COOKIE_NAME = "comity_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
LANGUAGE_COOKIE_NAME = "comity_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS = [
    "comity.web.files.FileDoor",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "comity.site.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": _set["COMITY_LOG_LEVEL"]},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},
    },
}
CSRF_FAILURE_VIEW = "comity.web.refusals.stale_form"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # addresses are unique whatever their case, by a constraint on their lower-case form
    "security.W004",  # HSTS follows COMITY_HTTPS; `comity doctor` speaks of it in our words
    "security.W008",  # so does the redirect to https
    "security.W012",  # and the secure cookies
    "security.W016",
]
