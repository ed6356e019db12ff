"""Addresses of the reports."""

from django.urls import path

from povreg.overview.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<slug:code>/", views.report, name="report"),
    path("reports/<slug:code>/sheet/", views.sheet, name="report-sheet"),
]
