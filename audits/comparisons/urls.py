"""Addresses of comparisons."""

from django.urls import path

from audits.comparisons import views
from audits.comparisons.lists import COMPARISONS, HITS
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("comparisons/", list_view(COMPARISONS), name="audit-comparisons"),
    path("comparisons/new/", views.upload, name="audit-comparison-new"),
    path("comparisons/precision/", views.precision, name="comparison-precision"),
    path("comparisons/hits/", list_view(HITS), name="audit-hits"),
    path("comparisons/hits/<int:pk>/", views.hit, name="audit-hit"),
    path("comparisons/hits/<int:pk>/answer/", views.answer, name="audit-hit-answer"),
    path("comparisons/hits/<int:pk>/open/", views.open_hit, name="audit-hit-open"),
]
