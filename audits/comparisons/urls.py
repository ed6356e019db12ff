"""Addresses of comparisons."""

from django.urls import path

from audits.comparisons import views
from audits.comparisons.lists import COMPARISONS, HITS
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("comparisons/", list_view(COMPARISONS), name="comparisons"),
    path("comparisons/new/", views.upload, name="comparison-new"),
    path("comparisons/precision/", views.precision, name="comparison-precision"),
    path("comparisons/hits/", list_view(HITS), name="hits"),
    path("comparisons/hits/<int:pk>/", views.hit, name="hit"),
    path("comparisons/hits/<int:pk>/answer/", views.answer, name="hit-answer"),
    path("comparisons/hits/<int:pk>/open/", views.open_hit, name="hit-open"),
]
