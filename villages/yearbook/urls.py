"""Addresses of yearly files."""

from django.urls import path

from povreg.kit.pages.edit import edit_view
from povreg.kit.pages.views import list_view
from villages.yearbook import views
from villages.yearbook.edits import EDITS, START
from villages.yearbook.lists import FILES

urlpatterns = [
    path("village-files/", list_view(FILES, views.Files), name="village-files"),
    path("village-files/gaps/", views.gaps_page, name="village-gaps"),
    path("village-files/sheet/", views.sheet, name="village-files-sheet"),
    path("village-files/import/", views.import_page, name="village-files-import"),
    path("village-files/<int:pk>/", views.file_page, name="village-file"),
    *(
        path(f"village-files/<int:pk>/{code}/", edit_view(edit), name=f"village-file-{code}")
        for code, edit in EDITS.items()
    ),
    path("places/<int:code>/files/new/", edit_view(START), name="village-file-new"),
]
