"""Addresses of the roof: health, workbench, dashboards, jobs."""

from django.urls import include, path

from povreg.overview import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("povreg.overview.workbench.urls")),
    path("", include("povreg.overview.jobs.urls")),
    path("", include("povreg.overview.messages.urls")),
    path("", include("povreg.overview.dashboard.urls")),
    path("", include("povreg.overview.reports.urls")),
    path("", include("povreg.overview.mine.urls")),
    path("", include("povreg.overview.api.urls")),
]
