"""Addresses of the auditors' work; each subject has its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("audits.findings.urls")),
    path("", include("audits.checks.urls")),
    path("", include("audits.samples.urls")),
    path("", include("audits.detection.urls")),
    path("", include("audits.trail.urls")),
    path("", include("audits.exports.urls")),
    path("", include("audits.privileges.urls")),
    path("", include("audits.comparisons.urls")),
]
