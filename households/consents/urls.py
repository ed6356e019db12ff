"""Addresses of consents."""

from django.urls import path

from households.consents.edits import NEW, WITHDRAWAL
from povreg.kit.pages.edit import edit_view

urlpatterns = [
    path("households/<int:pk>/consents/new/", edit_view(NEW), name="consent-new"),
    path("households/consents/<int:pk>/withdraw/", edit_view(WITHDRAWAL), name="consent-withdraw"),
]
