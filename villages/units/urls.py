"""Addresses of units and cadres."""

from django.urls import path

from povreg.kit.pages.edit import edit_view, new_view
from povreg.kit.pages.views import list_view
from villages.units.edits import CADRE, UNIT
from villages.units.lists import CADRES, UNITS

urlpatterns = [
    path("units/", list_view(UNITS), name="units"),
    path("units/new/", new_view(UNIT), name="unit-new"),
    path("units/<int:pk>/", edit_view(UNIT), name="unit-edit"),
    path("cadres/", list_view(CADRES), name="cadres"),
    path("cadres/new/", new_view(CADRE), name="cadre-new"),
    path("cadres/<int:pk>/", edit_view(CADRE), name="cadre-edit"),
]
