"""Every address of the site, app by app; those that are asked most come first."""

from django.urls import URLPattern, URLResolver, include, path

from luoshi.config import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("luoshi.apps.intake.urls")),
    path("desk/", include("luoshi.apps.desk.urls")),
    path("open311/", include("luoshi.api.open311.urls")),
    path("api/v1/", include("luoshi.api.v1.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/house/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("look/", include("luoshi.apps.look.urls")),
    path("board/", include("luoshi.apps.board.urls")),
    path("doors/", include("luoshi.apps.doors.urls")),
    path("public/", include("luoshi.apps.public.urls")),
    path("api/deadlines/", include("luoshi.api.deadlines.urls")),
    path("api/webhooks/", include("luoshi.api.webhooks.urls")),
]

handler400 = "luoshi.config.failures.bad_request"
handler403 = "luoshi.config.failures.forbidden"
handler404 = "luoshi.config.failures.not_found"
handler500 = "luoshi.config.failures.broken"
