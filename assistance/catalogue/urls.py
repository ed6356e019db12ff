"""Addresses of the catalogue."""

from django.urls import path

from assistance.catalogue.incomes import INCOME, INCOMES
from assistance.catalogue.lists import CATALOGUE
from assistance.catalogue.views import END, NEW, REVISE
from povreg.kit.pages.edit import edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("income-models/", list_view(INCOMES), name="income-models"),
    path("income-models/<int:pk>/", edit_view(INCOME), name="income-model"),
    path("catalogue/", list_view(CATALOGUE), name="catalogue"),
    path("catalogue/new/", edit_view(NEW), name="catalogue-new"),
    path("catalogue/<int:pk>/revise/", edit_view(REVISE), name="catalogue-revise"),
    path("catalogue/<int:pk>/end/", edit_view(END), name="catalogue-end"),
]
