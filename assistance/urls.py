"""Addresses of assistance, by subject."""

from assistance.catalogue.urls import urlpatterns as catalogue
from assistance.measures.urls import urlpatterns as measures

urlpatterns = [*catalogue, *measures]
