"""Addresses of verdicts: codes and numbers only."""

from django.urls import path

from households.eligibility import views

urlpatterns = [
    path("households/<int:pk>/verdict/", views.verdict, name="household-verdict"),
    path("flips/", views.flips, name="flips"),
    path("recompute/<int:code>/", views.recompute, name="recompute"),
]
