"""Addresses of the list of people."""

from django.urls import path

from households.people import views
from households.people.edits import WITHDRAW
from households.people.lists import APART
from povreg.kit.pages.edit import deed_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/find/", views.find, name="people-find"),
    path("people/doubles/", views.people_doubles, name="people-doubles"),
    path("people/doubles/<int:one>/<int:other>/", views.people_pair, name="people-pair"),
    path("people/doubles/apart/", list_view(APART), name="people-apart"),
    path("people/doubles/apart/<int:pk>/withdraw/", deed_view(WITHDRAW), name="people-apart-withdraw"),
    path("people/export/", views.export, name="people-export"),
]
