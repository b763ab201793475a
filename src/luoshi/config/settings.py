"""Django's settings. Who runs Luoshi changes none of this: see ``environment``."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from luoshi.config import logs
from luoshi.config.database import databases
from luoshi.config.doors import Doors
from luoshi.config.environment import Environment
from luoshi.config.open311 import door_of

PACKAGE = Path(__file__).resolve().parent.parent

LUOSHI = Environment.read(os.environ)
LUOSHI_DOORS = Doors.read(os.environ)
LUOSHI_OPEN311 = door_of(os.environ)

SECRET_KEY = LUOSHI.secret_key
DEBUG = LUOSHI.debug
ALLOWED_HOSTS = list(LUOSHI.hosts)
CSRF_TRUSTED_ORIGINS = list(LUOSHI.origins)

ROOT_URLCONF = "luoshi.config.urls"
WSGI_APPLICATION = "luoshi.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "luoshi.store",
    "luoshi.apps.look",
    "luoshi.apps.intake",
    "luoshi.apps.public",
    "luoshi.apps.desk",
    "luoshi.apps.board",
    "luoshi.apps.doors",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luoshi.config.middleware.BrowserRules",
    "luoshi.config.middleware.DatabaseGone",
    "luoshi.config.middleware.ReadAnywhere",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "luoshi.config.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "luoshi.config.accounts.SignedIn",
    "luoshi.config.middleware.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------

DATABASES = databases(LUOSHI)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- words, days and hours ----------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files for the browser ----------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": LUOSHI_DOORS.bucket.storage,
    "staticfiles": {"BACKEND": "luoshi.config.static.VersionedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 86_400  # seconds; addresses carry a version, so a new file is a new address
MEDIA_ROOT = LUOSHI.home / "media"

# --- who signs in -------------------------------------------------------------------------------

AUTH_USER_MODEL = "store.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:worklist"
ACCOUNT_ADAPTER = "luoshi.config.accounts.StaffOnly"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ADAPTER = "luoshi.config.accounts.HouseOnly"
SOCIALACCOUNT_PROVIDERS = LUOSHI_DOORS.sign_in.providers

# --- what a browser may do ----------------------------------------------------------------------

IS_PUBLIC = bool(LUOSHI.origins)  # behind a proxy that ends TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PUBLIC else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_PUBLIC else 0
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "luoshi.store.sessions"
SESSION_COOKIE_NAME = "luoshi"
SESSION_COOKIE_AGE = 12 * 3600  # seconds: one shift
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_PUBLIC
CSRF_COOKIE_NAME = "luoshi-form"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_PUBLIC
CSRF_FAILURE_VIEW = "luoshi.config.failures.stale_form"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LUOSHI_SEND = "luoshi.connectors.apprised.by_way"  # how messages leave the house
LUOSHI_POST = "luoshi.connectors.posting.post"  # ... and events

# --- what is written down about running ---------------------------------------------------------

logs.configure()
LOGGING = logs.rules(LUOSHI_DOORS.log)
