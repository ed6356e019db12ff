"""Addresses of assets."""

from django.urls import path

from assistance.assets.edits import ASSET, DISPOSE, INCOME
from assistance.assets.lists import ASSETS
from povreg.kit.pages.edit import deed_view, edit_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("assets/", list_view(ASSETS), name="assets"),
    path("assets/new/", new_view(ASSET), name="asset-new"),
    path("assets/<int:pk>/", edit_view(ASSET), name="asset"),
    path("assets/<int:pk>/income/", deed_view(INCOME), name="asset-income"),
    path("assets/<int:pk>/dispose/", deed_view(DISPOSE), name="asset-dispose"),
]
