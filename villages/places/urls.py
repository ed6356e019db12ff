"""Addresses of places."""

from django.urls import path

from povreg.kit.pages.edit import edit_view
from villages.places import edits, views

urlpatterns = [
    path("places/", views.browse, name="places"),
    path("places/search", views.search, name="place-search"),
    path("places/<int:code>/", views.place_page, name="place"),
    path("places/<int:code>/profile/", edit_view(edits.PROFILE), name="village-profile"),
    path("places/<int:code>/villages/new/", edit_view(edits.NEW_VILLAGE), name="village-new"),
    path("places/<int:code>/groups/new/", views.group_new, name="group-new"),
    path("places/<int:code>/rename/", edit_view(edits.RENAME), name="place-rename"),
    path("places/<int:code>/merge/", edit_view(edits.MERGE), name="village-merge"),
    path("places/<int:code>/split/", edit_view(edits.SPLIT), name="village-split"),
]
