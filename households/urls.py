"""Addresses of the register, eligibility and sheets; each subject has its own."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
