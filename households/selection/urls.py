"""Addresses of bulk actions: a random key stands for what was chosen."""

from django.urls import path

from households.selection import views

urlpatterns = [
    path("households/pick/", views.pick, name="selection-pick"),
    path("households/selection/", views.selection, name="selection"),
]
