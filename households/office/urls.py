"""Addresses of what offices do with standing: numbers only."""

from django.urls import path

from households.office.corrections import edits as corrections, views as correction_views
from households.office.corrections.lists import CORRECTIONS
from households.office.departments.lists import DEPARTMENT_LISTS, DEPARTMENT_ROWS
from households.office.departments.views import OfList
from households.office.opening import views as opening_views
from households.office.opening.lists import OPENINGS
from households.office.proposals import edits as proposals, views as proposal_views
from households.office.proposals.lists import PROPOSALS
from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("corrections/", list_view(CORRECTIONS), name="corrections"),
    path("corrections/new/", edit_view(corrections.ORDER), name="correction-new"),
    path("corrections/<int:pk>/", correction_views.correction, name="correction"),
    path("corrections/<int:pk>/approve/", deed_view(corrections.APPROVE), name="correction-approve"),
    path("corrections/<int:pk>/refuse/", deed_view(corrections.REFUSE), name="correction-refuse"),
    path("opening/", list_view(OPENINGS, opening_views.Openings), name="openings"),
    path("opening/<int:code>/", opening_views.opening, name="opening"),
    path("opening/<int:code>/close/", opening_views.close, name="opening-close"),
    path("proposals/", list_view(PROPOSALS), name="proposals"),
    path("proposals/<int:pk>/", proposal_views.proposal, name="proposal"),
    path("proposals/<int:pk>/take/", deed_view(proposals.TAKE), name="proposal-take"),
    path("proposals/<int:pk>/dismiss/", deed_view(proposals.DISMISS), name="proposal-dismiss"),
    path("department-lists/", list_view(DEPARTMENT_LISTS), name="department-lists"),
    path("department-lists/rows/", list_view(DEPARTMENT_ROWS), name="department-rows"),
    path("department-lists/<int:pk>/", list_view(DEPARTMENT_ROWS, OfList), name="department-list"),
]
