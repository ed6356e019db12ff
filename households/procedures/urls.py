"""Addresses of lists and their steps: numbers only."""

from django.urls import path

from households.procedures.applications import views as views_applications
from households.procedures.applications.lists import APPLICATIONS
from households.procedures.county import views as views_county
from households.procedures.county.lists import TEMPLATES
from households.procedures.lists.views import (
    batch as views_batch,
    board as views_board,
    entry as views_entry,
    export as views_export,
    members as views_lists,
)
from households.procedures.quotas import views as views_quota
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("procedures/", views_board.procedures, name="procedures"),
    path("procedures/bulk/", views_board.bulk, name="procedures-bulk"),
    path("procedures/post/", views_board.bulk_post, name="procedures-post"),
    path("procedures/new/", views_lists.new_procedure, name="procedure-new"),
    path(
        "procedures/templates/",
        list_view(TEMPLATES),
        name="procedure-templates",
    ),
    path("procedures/templates/<int:pk>/", views_county.procedure_template, name="procedure-template"),
    path("procedures/templates/<int:pk>/retire/", views_county.retire, name="procedure-template-retire"),
    path("procedures/windows/", views_county.season_windows, name="season-windows"),
    path("procedures/windows/<int:pk>/withdraw/", views_county.withdraw_window, name="season-window-withdraw"),
    path("procedures/export/", views_export.board_workbook, name="procedures-export"),
    path(
        "procedures/applications/",
        list_view(APPLICATIONS, views_applications.Applications),
        name="procedure-applications",
    ),
    path("procedures/applications/new/", views_applications.new_application, name="procedure-application-new"),
    path("procedures/applications/<int:pk>/", views_applications.procedure_application, name="procedure-application"),
    path("procedures/quotas/", views_quota.quotas, name="procedure-quotas"),
    path("procedures/quotas/<int:code>/", views_quota.procedure_quota, name="procedure-quota"),
    path("procedures/<int:pk>/", views_batch.procedure, name="procedure"),
    path("procedures/<int:pk>/quorum/", views_batch.quorum, name="procedure-quorum"),
    path("procedures/<int:pk>/add/", views_lists.add_entries, name="procedure-add"),
    path("procedures/<int:pk>/stay/", views_lists.stay_reasons, name="procedure-stay"),
    path("procedures/<int:pk>/entries/<int:entry>/", views_entry.procedure_entry, name="procedure-entry"),
    path("procedures/<int:pk>/papers/<int:paper>/", views_batch.paper_file, name="procedure-paper"),
    path("procedures/<int:pk>/do/<slug:action>/", views_batch.act_on, name="procedure-act"),
]
