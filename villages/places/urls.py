"""Addresses of places."""

from django.urls import path

from villages.places import views

urlpatterns = [
    path("places/", views.browse, name="places"),
    path("places/search", views.search, name="place-search"),
    path("places/<int:code>/", views.place_page, name="place"),
    path("places/<int:code>/profile/", views.profile_edit, name="village-profile"),
    path("places/<int:code>/villages/new/", views.village_new, name="village-new"),
    path("places/<int:code>/groups/new/", views.group_new, name="group-new"),
    path("places/<int:code>/rename/", views.rename, name="place-rename"),
    path("places/<int:code>/merge/", views.merge, name="village-merge"),
    path("places/<int:code>/split/", views.split, name="village-split"),
]
