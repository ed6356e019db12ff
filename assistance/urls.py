"""Addresses of assistance, by subject."""

from assistance.catalogue.urls import urlpatterns as catalogue
from assistance.funds.urls import urlpatterns as funds
from assistance.measures.urls import urlpatterns as measures
from assistance.plans.urls import urlpatterns as plans
from assistance.visits.urls import urlpatterns as visits

urlpatterns = [*catalogue, *plans, *measures, *visits, *funds]
