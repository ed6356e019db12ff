"""Addresses of verdicts: codes and numbers only."""

from django.urls import path

from households.eligibility import views
from households.eligibility.lists import FLIPS
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("households/<int:pk>/verdict/", views.verdict, name="household-verdict"),
    path("flips/", list_view(FLIPS, views.Flips), name="flips"),
    path("recompute/<int:code>/", views.recompute, name="recompute"),
]
