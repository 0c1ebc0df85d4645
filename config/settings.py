"""All settings of Em Dia. Modes: production (default), `DEMO=1`, and tests (`TESTING`)."""

import sys
from datetime import timedelta
from pathlib import Path

from django.templatetags.static import static
from django.urls import reverse_lazy

from config import navigation
from config.env import BASE_DIR, data_dir, env, load, required
from config.queues import ROUTES

load()

# --- Mode -------------------------------------------------------------------------------------------------

DEMO: bool = env.bool("DEMO", default=False)
TESTING: bool = "pytest" in sys.modules
DEBUG = False
DATA_DIR: Path = data_dir()
PRODUCTION: bool = not DEMO and not TESTING

# Commands that neither need secrets nor a database: they make or describe the environment.
_BARE = len(sys.argv) > 1 and sys.argv[1] in {"up", "eval", "help", "version", "--help"}


def _secret(name: str, why: str) -> str:
    """Required in production; tests and bare commands run with a fixed, worthless value."""
    if TESTING or _BARE:
        return str(env(name, default="insecure-value-for-tests-and-bare-commands-only-0123456789abcdef"))
    return required(name, why=why)


# --- Secrets and hosts ------------------------------------------------------------------------------------

SECRET_KEY = _secret("SECRET_KEY", "It signs sessions and links.")
# Comma separated Fernet keys, newest first: new data is written with the first, old data read with any.
FIELD_KEYS: list[str] = env.list(
    "FIELD_KEYS",
    default=["Zm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc4OS1hYmNkZWY="] if TESTING or _BARE else [],
)
PUBLIC_URL: str = str(env("PUBLIC_URL", default="http://127.0.0.1:8000")).rstrip("/")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"] if DEMO or TESTING else []
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
LAB_TOKEN: str = str(env("LAB_TOKEN", default=""))

# --- Apps -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_celery_beat",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "axes",
    "pgtrigger",
    "pghistory",
    "config",
    "commons",
    "members",
    "experiments.assignment",
    "billing",
    "cases",
    "compliance",
    "conversations",
    "cadence",
    "experiments.analysis",
    "office",
    "lab",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commons.middleware.BusinessClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "commons.context.business_clock",
            ],
        },
    }
]

# --- Database and broker ----------------------------------------------------------------------------------

_database = env.db_url("DATABASE_URL", default="postgres://app@127.0.0.1:5432/emdia")
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        # From its third time on a connection a statement is prepared: a fifth less work for what repeats all day.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
    }
}

CELERY_BROKER_URL: str = str(env("BROKER_URL", default="redis://127.0.0.1:6379/0"))
# Without these a killed worker's tasks wait minutes before another takes them.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "inbound"
CELERY_TASK_ROUTES = {task: {"queue": queue} for task, queue in ROUTES.items()}
CELERY_TASK_TIME_LIMIT = 240
CELERY_TIMEZONE = "America/Sao_Paulo"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# In tests a task runs where it is called; the real broker has tests of its own.
CELERY_TASK_ALWAYS_EAGER = TESTING and not env.bool("REAL_BROKER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True

# --- Language, time, numbers ------------------------------------------------------------------------------

LANGUAGE_CODE = "pt-br"
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- Static files -----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
# Served straight from the apps' folders: nothing to collect before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = DATA_DIR / "media"

# --- People and access ------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLED = not TESTING
AXES_VERBOSE = False
# The office has its own lists of them.
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = PUBLIC_URL.startswith("https://") and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_URL.startswith("https://") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PUBLIC_URL.startswith("https://")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The admin's shell evaluates its own small expressions; pages of ours run without that (see office/csp.py).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    }
}

# --- Providers: the environment seeds them, in the demo they are the simulators ------------------------------

WHATSAPP_API_URL: str = str(env("WHATSAPP_API_URL", default="https://graph.facebook.com"))
WHATSAPP_API_VERSION: str = str(env("WHATSAPP_API_VERSION", default="v25.0"))
WHATSAPP_PHONE_NUMBER_ID: str = str(env("WHATSAPP_PHONE_NUMBER_ID", default=""))
WHATSAPP_BUSINESS_ACCOUNT_ID: str = str(env("WHATSAPP_BUSINESS_ACCOUNT_ID", default=""))
WHATSAPP_ACCESS_TOKEN: str = str(env("WHATSAPP_ACCESS_TOKEN", default=""))
# Comma separated while a secret is being rotated: any of them verifies.
WHATSAPP_APP_SECRET: list[str] = env.list("WHATSAPP_APP_SECRET", default=[])
WHATSAPP_VERIFY_TOKEN: str = str(env("WHATSAPP_VERIFY_TOKEN", default=""))

# Letters are handed in at a mail server; bounces and answers are read from the mailbox MAIL_RETURNS.
# Security: "tls" from the first byte, "starttls", or "none" (the demo and tests only).
MAIL_HOST: str = str(env("MAIL_HOST", default=""))
MAIL_PORT: int = env.int("MAIL_PORT", default=587)
MAIL_SECURITY: str = str(env("MAIL_SECURITY", default="starttls"))
MAIL_USER: str = str(env("MAIL_USER", default=""))
MAIL_PASSWORD: str = str(env("MAIL_PASSWORD", default=""))
MAIL_RETURNS: str = str(env("MAIL_RETURNS", default=""))
MAIL_POP_HOST: str = str(env("MAIL_POP_HOST", default=""))
MAIL_POP_PORT: int = env.int("MAIL_POP_PORT", default=995)
MAIL_POP_SECURITY: str = str(env("MAIL_POP_SECURITY", default="tls"))
MAIL_POP_USER: str = str(env("MAIL_POP_USER", default=""))
MAIL_POP_PASSWORD: str = str(env("MAIL_POP_PASSWORD", default=""))

SMS_API_URL: str = str(env("SMS_API_URL", default="https://api.twilio.com"))
SMS_ACCOUNT_SID: str = str(env("SMS_ACCOUNT_SID", default=""))
# Comma separated while a token is being rotated: the first one calls, any of them verifies.
SMS_AUTH_TOKEN: list[str] = env.list("SMS_AUTH_TOKEN", default=[])

# Where a link of ours leads into WhatsApp: this, the number, and a text to begin with.
WHATSAPP_CHAT_URL: str = str(env("WHATSAPP_CHAT_URL", default="https://wa.me")).rstrip("/")

PIX_API_URL: str = str(env("PIX_API_URL", default=""))
PIX_CLIENT_ID: str = str(env("PIX_CLIENT_ID", default=""))
PIX_CLIENT_SECRET: str = str(env("PIX_CLIENT_SECRET", default=""))
PIX_KEY: str = str(env("PIX_KEY", default=""))
PIX_CERTIFICATE: str = str(env("PIX_CERTIFICATE", default=""))
PIX_CERTIFICATE_KEY: str = str(env("PIX_CERTIFICATE_KEY", default=""))
# The path segment that authenticates the provider's webhook calls where mutual TLS ends at a proxy.
PIX_WEBHOOK_SECRET: str = str(env("PIX_WEBHOOK_SECRET", default=""))

LLM_BASE_URL: str = str(env("LLM_BASE_URL", default=""))
LLM_API_KEY: str = str(env("LLM_API_KEY", default=""))
LLM_MODEL: str = str(env("LLM_MODEL", default=""))
LLM_FALLBACK_BASE_URL: str = str(env("LLM_FALLBACK_BASE_URL", default=""))
LLM_FALLBACK_API_KEY: str = str(env("LLM_FALLBACK_API_KEY", default=""))
LLM_FALLBACK_MODEL: str = str(env("LLM_FALLBACK_MODEL", default=""))

# Addresses inside private networks are refused by the outbound door, but for these (the simulators).
OUTBOUND_PRIVATE_ALLOWED: list[str] = [
    url
    for url in (WHATSAPP_API_URL, SMS_API_URL, PIX_API_URL, LLM_BASE_URL, LLM_FALLBACK_BASE_URL)
    if url and (DEMO or TESTING)
]
SIM_URL: str = f"http://127.0.0.1:{env.int('SIM_PORT', default=8001)}" if DEMO else ""

# --- Logs: structured, ids only, never personal data ---------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
    },
}

# --- Shell of admin, inbox and insights ----------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "Em Dia",
    "SITE_HEADER": "Em Dia",
    "SITE_SUBHEADER": "Cobrança com respeito",
    "SITE_URL": "/inbox/",
    "SITE_SYMBOL": "verified",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("emdia/icon.svg")},
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "office.dashboard.environment_badge",
    "DASHBOARD_CALLBACK": "office.dashboard.home",
    "STYLES": [
        lambda request: static("emdia/emdia.css"),
        lambda request: static("emdia/thread.css"),
        lambda request: static("emdia/inbox.css"),
        lambda request: static("emdia/cadence.css"),
        lambda request: static("emdia/office.css"),
    ],
    "COLORS": navigation.COLORS,
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": navigation.sidebar},
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
}
# How many members the demo book has.
DEMO_MEMBERS: int = env.int("DEMO_MEMBERS", default=500)
# The clock row may be moved in the demo and in tests only (commons.clock).
BUSINESS_CLOCK_MOVABLE = DEMO or TESTING
