"""Addresses of the register, eligibility and sheets; each subject has its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("households.find.urls")),
    path("", include("households.selection.urls")),
    path("", include("households.entry.urls")),
    path("", include("households.people.urls")),
    path("", include("households.eligibility.urls")),
    path("", include("households.sheets.urls")),
    path("", include("households.leads.urls")),
    path("", include("households.office.urls")),
    path("", include("households.review.urls")),
    path("", include("households.consents.urls")),
    path("", include("households.procedures.urls")),
    path("", include("households.procedures.notices.urls")),
    path("", include("households.procedures.objections.urls")),
    path("", include("households.procedures.papers.urls")),
    path("", include("households.closing.urls")),
]
