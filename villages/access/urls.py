"""Addresses of access for some hours."""

from django.urls import path

from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view
from villages.access import edits
from villages.access.lists import ACCESSES

urlpatterns = [
    path("timed-access/", list_view(ACCESSES), name="timed-access"),
    path("timed-access/new/", edit_view(edits.NEW), name="timed-access-new"),
    path("timed-access/<int:pk>/grant/", deed_view(edits.GRANT), name="timed-access-grant"),
    path("timed-access/<int:pk>/refuse/", deed_view(edits.REFUSE), name="timed-access-refuse"),
    path("timed-access/<int:pk>/end/", deed_view(edits.END), name="timed-access-end"),
]
