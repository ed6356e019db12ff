"""Addresses of units and cadres."""

from django.urls import path

from villages.units import views

urlpatterns = [
    path("units/", views.unit_list, name="units"),
    path("units/new/", views.unit_new, name="unit-new"),
    path("units/<int:pk>/", views.unit_edit, name="unit-edit"),
    path("cadres/", views.cadre_list, name="cadres"),
    path("cadres/new/", views.cadre_new, name="cadre-new"),
    path("cadres/<int:pk>/", views.cadre_edit, name="cadre-edit"),
]
