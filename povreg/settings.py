"""Settings of every way to run povreg; what differs comes from the environment (see .env.example)."""

import os
import secrets
from pathlib import Path

import django
import pghistory
import pgtrigger
from celery.schedules import crontab
from django.contrib.messages import constants as messages

from povreg.kit import assets, metrics
from povreg.kit.crypto import key_id_of
from povreg.shell import embedded, refusals
from povreg.shell.environment import (
    ALLOW_DEMO,
    BASE_DIR,
    EMBEDDED_DATABASE,
    EMBEDDED_REDIS,
    HTTPS,
    POVREG_HOME,
    PRODUCTION,
    demo_password,
    directory,
    env,
    new_key,
    owner_of,
    secret,
)

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DEMO_REFUSAL = refusals.demo_refusal(production=PRODUCTION, allowed=ALLOW_DEMO)
if DEMO and DEMO_REFUSAL:
    raise embedded.ServerError(DEMO_REFUSAL)
DEMO_PASSWORD = demo_password() if DEMO else ""  # of the accounts that load_demo makes

SECRET_KEY = refusals.good_secret(secret("SECRET_KEY", lambda: secrets.token_urlsafe(60)))
FIELD_ENCRYPTION_KEYS = refusals.good_keys(
    [key.strip() for key in secret("FIELD_ENCRYPTION_KEYS", new_key).split(",") if key.strip()]
)
SIGNING_KEYS = refusals.good_keys(
    [key.strip() for key in secret("SIGNING_KEYS", new_key).split(",") if key.strip()], "SIGNING_KEYS"
)
BACKUP_KEY = env.str("BACKUP_KEY", default="")  # povreg.shell.backup
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:  # povreg.kit.metrics
    COUNTERS = POVREG_HOME / "metrics"
    COUNTERS.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault(metrics.FOLDER, str(COUNTERS))
CERTIFICATE = env.str("CERTIFICATE", default="")  # of the proxy; when it ends is told by doctor
MAINTENANCE_FILE = directory("MAINTENANCE_FILE", POVREG_HOME / "maintenance")
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]  # health checks ask locally
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "povreg.proof",
    "povreg.jobs",
    "villages",
    "households",
    "assistance",
    "audits",
    "povreg.overview",
    "povreg.demo",
    "povreg.shell",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "povreg.kit.packed.PackedPages",
    "povreg.kit.headers.ContentSecurityPolicy",
    "povreg.kit.requests.RequestTrail",
    "povreg.kit.maintenance.Maintenance",
    "povreg.kit.methods.Methods",
    "povreg.kit.bodies.Bodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "villages.rights.reach.ReachOfRequest",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "povreg.kit.requests.PrivatePages",
    "povreg.kit.requests.LivingSession",
    "povreg.kit.requests.PasswordFirst",
    "villages.people.second_factor.first.SecondFactorFirst",
    "povreg.kit.whole.WholePages",
    "villages.people.once.OnceOnly",
]

ROOT_URLCONF = "povreg.urls"
WSGI_APPLICATION = "povreg.wsgi.application"

FORM_TEMPLATES = Path(django.__file__).parent / "forms" / "jinja2"
PAGE_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "povreg.kit.once.form_seal",
    "povreg.overview.nav.frame",
]
STRICT_TEMPLATES = env.bool("STRICT_TEMPLATES", default=DEBUG)  # see povreg.kit.jinja.Missing
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates", FORM_TEMPLATES],
        "OPTIONS": {"environment": "povreg.kit.jinja.environment", "context_processors": PAGE_CONTEXT},
    },
    # The own pages of packages.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

# Servers: given by URL, else the embedded ones of POVREG_HOME.
SERVERS = embedded.layout_of(POVREG_HOME) if EMBEDDED_DATABASE or EMBEDDED_REDIS else None
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **(SERVERS.database if SERVERS and EMBEDDED_DATABASE else refusals.database(env)),
    }
}
# By which key a process seals, for rotate_keys: the public name of the key, which every sealed value bears, too.
DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = f"povreg {key_id_of(FIELD_ENCRYPTION_KEYS[0])}"
# Who may do what in the database (povreg.kit.app_role): the role above owns nothing where the second is given.
DATABASE_APP = {"USER": DATABASES["default"]["USER"], "PASSWORD": DATABASES["default"].get("PASSWORD", "")}
DATABASE_OWNER = SERVERS.owner if SERVERS and EMBEDDED_DATABASE else owner_of(DATABASES["default"])
PREPARE_STATEMENTS = env.bool("PREPARE_STATEMENTS", default=True)  # povreg.kit.prepared
# A cursor on the server belongs to one connection; a pooler hands out another one for the next statement.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = not PREPARE_STATEMENTS
if PREPARE_STATEMENTS:  # their plans are kept from the first run: judging one household takes 0.3 ms instead of 4 ms
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c plan_cache_mode=force_generic_plan")
REDIS_DB = env.int("REDIS_DB", default=0)
REDIS_URL = f"{SERVERS.redis_url}?db={REDIS_DB}" if SERVERS and EMBEDDED_REDIS else refusals.redis_address(env)
CACHES = {
    "default": {
        "BACKEND": "povreg.kit.stash.SealedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"povreg{REDIS_DB}",
        "OPTIONS": {"serializer": "povreg.kit.stash.SealedValues"},
    },
    # What every page asks for and may be some seconds old, kept by each process: no way to Redis and back.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and sessions.
AUTH_USER_MODEL = "villages.User"
AUTHENTICATION_BACKENDS = ["villages.people.sign_in.Accounts"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "villages.people.passwords.FourClasses"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_SERIALIZER = "povreg.kit.stash.SealedSession"
SESSION_ENGINE = "povreg.kit.sessions"
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not DEMO)  # asked of county roles, administrators, auditors
SESSION_LONGEST = 12 * 3600  # seconds after which one signs in again, however busy
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request (policy.md 11.11)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # povreg.kit.throttle.address_of

# Transport. HTTPS=1 behind a proxy that ends TLS and sets X-Forwarded-Proto.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=False)  # hard to take back
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preload: the operator decides
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

# What a message says it is, in the words the page's components use (docs/components.md).
MESSAGE_TAGS = {messages.SUCCESS: "pass", messages.ERROR: "fail", messages.WARNING: "warn"}

# Language, time, files.
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "povreg.formats"
LOCALE_PATHS = [BASE_DIR / "povreg" / "locale"]  # what Django itself says, in our words
FORM_RENDERER = "povreg.kit.form_renderer.Jinja2Forms"
STATIC_ROOT = directory("STATIC_ROOT", BASE_DIR / "staticfiles")
STATIC_URL = f"static/{assets.version(BASE_DIR) if DEBUG else assets.served(BASE_DIR, STATIC_ROOT)}/"
STATICFILES_FINDERS = ["povreg.kit.finders.ServedFiles"]
STATICFILES_DIRS = assets.directories(BASE_DIR)
STORAGES = {
    "default": {"BACKEND": "povreg.kit.storage.SealedStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # seconds; the address holds the version, so a file never changes under it
MEDIA_ROOT = directory("MEDIA_ROOT", POVREG_HOME / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_MB", default=60) * 2**20  # a whole form with its files

# History: one trigger per statement, so that bulk SQL stays bulk.
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history", db_index=True)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(db_index=False)

# Jobs.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "global_keyprefix": f"povreg{REDIS_DB}:"}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
# Clockwork has a worker of its own (`--queues clock`), which no long work can block.
CELERY_TASK_ROUTES = {
    "povreg.jobs.requeue_lost": {"queue": "clock"},
    "households.procedures.tick": {"queue": "clock"},
}
# A task that runs longer is stopped (its job says so), and ended the hard way two minutes later.
TASK_MINUTES = env.int("TASK_MINUTES", default=60)
CELERY_TASK_SOFT_TIME_LIMIT = TASK_MINUTES * 60  # seconds
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 120
# How long a statement may take, and wait for a lock (seconds; povreg.kit.limits).
WEB_STATEMENT_SECONDS = env.int("WEB_STATEMENT_SECONDS", default=30)
WEB_LOCK_SECONDS = env.int("WEB_LOCK_SECONDS", default=10)
MIGRATE_LOCK_TIMEOUT = env.int("MIGRATE_LOCK_TIMEOUT", default=5)  # seconds; a table that waits holds up its readers
WORKER_STATEMENT_SECONDS = env.int("WORKER_STATEMENT_SECONDS", default=1800)
WORKER_LOCK_SECONDS = env.int("WORKER_LOCK_SECONDS", default=20)
IDLE_TRANSACTION_SECONDS = env.int("IDLE_TRANSACTION_SECONDS", default=30)
CELERY_BEAT_SCHEDULE = {
    "requeue-lost-jobs": {"task": "povreg.jobs.requeue_lost", "schedule": 10.0, "options": {"expires": 10}},
    "procedure-clock": {"task": "households.procedures.tick", "schedule": crontab(minute=5)},
    "judge-every-county": {"task": "households.nightly", "schedule": crontab(hour=2, minute=30)},
    "delete-past-lists": {"task": "audits.delete_past_lists", "schedule": crontab(hour=1, minute=15)},
    "check-every-county": {"task": "audits.nightly", "schedule": crontab(hour=4, minute=0)},
    "standing-of-the-day": {"task": "households.refresh_standing", "schedule": crontab(hour=0, minute=5)},
    "count-assistance-of-the-day": {"task": "assistance.count_the_day", "schedule": crontab(hour=0, minute=20)},
    "seal-the-day": {"task": "povreg.proof.seal", "schedule": crontab(hour=1, minute=15)},
    "look-for-invented-data": {"task": "audits.detect_nightly", "schedule": crontab(hour=4, minute=20)},
    "clean-up": {"task": "povreg.clean_up", "schedule": crontab(hour=3, minute=30)},
}

# How many days files and ended tokens are kept (povreg.overview.cleanup); 0: for ever.
CHECKS_A_DAY = env.int("CHECKS_A_DAY", default=200)  # numbers an account checks for double entry without a reason
KEEP_RESULTS_DAYS = env.int("KEEP_RESULTS_DAYS", default=30)
KEEP_UPLOADS_DAYS = env.int("KEEP_UPLOADS_DAYS", default=30)
KEEP_IMPORTED_DAYS = env.int("KEEP_IMPORTED_DAYS", default=730)
KEEP_TOKENS_DAYS = env.int("KEEP_TOKENS_DAYS", default=180)
KEEP_SIGN_INS_DAYS = env.int("KEEP_SIGN_INS_DAYS", default=400)
KEEP_LOOKS_DAYS = env.int("KEEP_LOOKS_DAYS", default=1100)

# The API: JSON only, refusals in one form, an account's and an address's requests counted in Redis.
# Another system that takes reminders of procedures as JSON (empty: in-site messages only).
REMINDER_WEBHOOK = env.str("REMINDER_WEBHOOK", default="")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "villages.people.api_sign_in.BearerToken",
        "villages.people.api_sign_in.PageSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["povreg.kit.api.policy.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "povreg.kit.api.policy.AlwaysJson",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "povreg.kit.api.pages.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="600/min"), "token": "20/min"},
    "EXCEPTION_HANDLER": "povreg.kit.api.errors.handle",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "povreg",
    "DESCRIPTION": "建档立卡管理系统的接口。说明和例子见 docs/api.md。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # what a PATCH must hold (the version) is required
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["povreg.kit.api.schema.with_errors", "povreg.kit.api.links.with_links"],
}

# Log lines name the path, never the query or the body: those may hold names and identity numbers.
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in {"text", "json"}:
    raise embedded.ServerError("LOG_FORMAT 只能是 text 或 json，请改正。")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "povreg.kit.logs.TextLine",
            "format": "%(asctime)s %(levelname)s %(name)s request=%(request_id)s %(message)s",
        },
        "json": {"()": "povreg.kit.logs.JsonLine"},
    },
    "filters": {"request": {"()": "povreg.kit.logs.AddRequest"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "pikepdf": {"level": "WARNING"},  # says hello whenever it is loaded
    },
}
