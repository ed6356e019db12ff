"""Addresses of the dashboard."""

from django.urls import path

from povreg.overview.dashboard import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<int:code>/", views.dashboard_place, name="dashboard-place"),
    path("dashboard/<int:code>/notices/", views.notices, name="dashboard-notices"),
    path("dashboard/<int:code>/progress/", views.progress, name="dashboard-progress"),
]
