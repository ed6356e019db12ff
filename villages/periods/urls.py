"""Addresses of what counties set about their years and eras."""

from django.urls import path

from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view
from villages.periods import edits
from villages.periods.lists import WORKING_YEARS
from villages.periods.views import Settings

urlpatterns = [
    path("periods/", list_view(WORKING_YEARS, Settings), name="working-years"),
    path("periods/year/new/", edit_view(edits.NEW_YEAR), name="working-year-new"),
    path("periods/office/new/", edit_view(edits.NEW_OFFICE), name="office-name-new"),
    path("periods/programme/new/", edit_view(edits.NEW_PROGRAMME), name="programme-new"),
    *(
        path(f"periods/{code}/<int:pk>/withdraw/", deed_view(edit), name=f"{code}-withdraw")
        for code, edit in edits.WITHDRAWALS.items()
    ),
]
