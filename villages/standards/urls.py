"""Addresses of poverty lines and criteria sets."""

from django.urls import path

from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view
from villages.standards import edits
from villages.standards.lists import LINES
from villages.standards.views import Standards

urlpatterns = [
    path("standards/", list_view(LINES, Standards), name="standards"),
    path("standards/lines/new/", edit_view(edits.NEW_LINE), name="line-new"),
    path("standards/lines/<int:pk>/correct/", edit_view(edits.CORRECTION), name="line-correct"),
    path("standards/lines/<int:pk>/withdraw/", deed_view(edits.WITHDRAWAL), name="line-withdraw"),
    path("standards/sets/new/", edit_view(edits.NEW_SET), name="set-new"),
    path("standards/sets/<int:pk>/withdraw/", deed_view(edits.SET_WITHDRAWAL), name="set-withdraw"),
]
