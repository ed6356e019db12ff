"""Addresses of the household list: codes and numbers only, nothing personal."""

from django.urls import path

from households.find import views
from households.find.saved import views as views_saved

urlpatterns = [
    path("households/", views.households, name="households"),
    path("households/find/", views.find, name="households-find"),
    path("households/counts/", views.counts, name="household-counts"),
    path("households/walk/", views.walk, name="households-walk"),
    path("households/saved/", views_saved.saved_filters, name="saved-filters"),
    path("households/saved/<int:pk>/rename/", views_saved.rename, name="saved-filter-rename"),
    path("households/saved/<int:pk>/drop/", views_saved.drop, name="saved-filter-drop"),
    path("households/saved/<int:pk>/share/", views_saved.share, name="saved-filter-share"),
    path("households/columns/", views_saved.columns, name="list-columns"),
]
