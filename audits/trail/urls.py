"""Addresses of the trail."""

from django.urls import path

from audits.trail import views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/<uuid:context>/", views.trail_act, name="trail-act"),
]
