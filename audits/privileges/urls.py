"""Address of the privilege review."""

from django.urls import path

from audits.privileges import views

urlpatterns = [path("privileges/", views.privileges, name="privileges")]
