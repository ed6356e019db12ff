"""Addresses of the list of people."""

from django.urls import path

from households.people import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/find/", views.find, name="people-find"),
    path("people/doubles/", views.people_doubles, name="people-doubles"),
    path("people/doubles/<int:one>/<int:other>/", views.people_pair, name="people-pair"),
    path("people/export/", views.export, name="people-export"),
]
