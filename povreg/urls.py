"""All addresses, by app."""

from django.urls import path

from povreg.overview import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
