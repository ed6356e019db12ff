"""All addresses, by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("povreg.overview.urls")),
    path("", include("povreg.proof.urls")),
    path("", include("villages.urls")),
    path("", include("households.urls")),
    path("", include("audits.urls")),
    path("", include("assistance.urls")),
    path("", include("povreg.shell.status.urls")),
]

handler404 = "povreg.kit.missing.not_found"
