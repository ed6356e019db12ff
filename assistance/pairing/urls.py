"""Addresses of pairings, proposals and teams: numbers only."""

from django.urls import path

from assistance.pairing import views
from assistance.pairing.edits import CHANGE, END, PAIR, PROPOSE, REFUSE
from assistance.pairing.lists import GAPS, PAIRINGS, PROPOSALS
from assistance.pairing.teams import views as teams
from povreg.kit.pages.edit import deed_view, edit_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("pairings/", list_view(PAIRINGS, views.Pairings), name="pairings"),
    path("pairings/new/", new_view(PAIR), name="pairing-new"),
    path("pairings/gaps/", list_view(GAPS), name="pairing-gaps"),
    path("pairings/limits/", views.limits, name="pairing-limits"),
    path("pairings/propose/", new_view(PROPOSE), name="pairing-propose"),
    path("pairings/proposals/", list_view(PROPOSALS), name="pairing-proposals"),
    path("pairings/proposals/<int:pk>/", views.proposal, name="pairing-proposal"),
    path("pairings/choices/<int:pk>/", edit_view(CHANGE), name="pairing-choice"),
    path("pairings/choices/<int:pk>/refuse/", deed_view(REFUSE), name="pairing-refuse"),
    path("pairings/<int:pk>/end/", deed_view(END), name="pairing-end"),
    path("teams/units/", teams.support, name="support-units"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:code>/", teams.team, name="team"),
]
