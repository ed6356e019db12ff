"""Addresses of the register, eligibility and sheets; each subject has its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("households.find.urls")),
    path("", include("households.selection.urls")),
    path("", include("households.register.urls")),
    path("", include("households.people.urls")),
    path("", include("households.eligibility.urls")),
    path("", include("households.sheets.urls")),
    path("", include("households.procedures.urls")),
    path("", include("households.procedures.public_urls")),
    path("", include("households.procedures.objection_urls")),
    path("", include("households.procedures.print_urls")),
]
