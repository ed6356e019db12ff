"""Addresses of places, standards and people; each subject has its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("villages.people.urls")),
    path("", include("villages.units.urls")),
    path("", include("villages.places.urls")),
    path("", include("villages.standards.urls")),
    path("", include("villages.periods.urls")),
    path("", include("villages.yearbook.urls")),
    path("", include("villages.access.urls")),
]
