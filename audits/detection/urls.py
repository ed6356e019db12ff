"""Addresses of the signs of invented data."""

from django.urls import path

from audits.detection import views
from audits.detection.lists import ACCOUNTS, SIGNS
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("detection/", views.detection, name="detection"),
    path("detection/look/", views.look, name="detection-look"),
    path("detection/villages/", list_view(SIGNS), name="signs"),
    path("detection/accounts/", list_view(ACCOUNTS), name="sign-accounts"),
    path("detection/<int:pk>/households/", views.households, name="sign-households"),
]
