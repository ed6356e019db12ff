"""The address of the page."""

from django.urls import path

from assistance.situation import views

urlpatterns = [path("assistance/", views.overview, name="assistance")]
