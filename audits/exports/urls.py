"""Addresses of the export centre."""

from django.urls import path

from audits.exports import views
from audits.exports.lists import EXPORTED
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("exports/", list_view(EXPORTED), name="export-log"),
    path("exports/new/", views.datasets, name="datasets"),
    path("exports/saved/<int:pk>/drop/", views.drop_saved, name="saved-export-drop"),
]
