"""Addresses of leads, income tests and the desk of monitoring: numbers only."""

from django.urls import path

from households.leads import desk, views
from households.leads.income import views as income
from households.leads.lists import LEADS
from households.leads.monitored import clearing
from households.leads.monitored.lists import MONITORED
from povreg.kit.pages.views import list_view

APPLICATION = {"kind": "application"}

urlpatterns = [
    path("monitoring/", desk.monitoring, name="monitoring"),
    path("monitored/", list_view(MONITORED), name="monitored"),
    path("monitoring/clearing/", clearing.clearing, name="clearing"),
    path("leads/", list_view(LEADS, views.Leads), name="leads"),
    path("leads/new/", views.new_lead, name="lead-new"),
    path("leads/<int:pk>/", views.detail, name="lead"),
    path("leads/<int:pk>/unmask/", views.unmask, name="lead-unmask"),
    path("leads/<int:pk>/do/<slug:step>/", views.act_on, name="lead-act"),
    path("leads/<int:pk>/income/", income.income, name="lead-income"),
    path("leads/<int:pk>/income/total/", income.total, name="lead-income-total"),
    path("leads/<int:pk>/income/print/", income.print_income, name="lead-income-print"),
    path("leads/applications/<int:pk>/income/", income.income, APPLICATION, name="application-income"),
    path("leads/applications/<int:pk>/income/total/", income.total, APPLICATION, name="application-income-total"),
    path(
        "leads/applications/<int:pk>/income/print/", income.print_income, APPLICATION, name="application-income-print"
    ),
]
