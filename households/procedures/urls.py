"""Addresses of lists and their steps: numbers only."""

from django.urls import path

from households.procedures.applications import views as views_applications
from households.procedures.applications.lists import APPLICATIONS
from households.procedures.archives import views as archive_views
from households.procedures.archives.lists import ARCHIVES
from households.procedures.comparisons import views as comparison_views
from households.procedures.county import kinds as county_kinds, views as views_county
from households.procedures.county.lists import TEMPLATES
from households.procedures.deputies import views as deputy_views
from households.procedures.deputies.lists import DEPUTIES
from households.procedures.lists.views import (
    batch as views_batch,
    board as views_board,
    boards as views_photos,
    bulk as views_bulk,
    entry as views_entry,
    export as views_export,
    members as views_lists,
    roll as views_roll,
)
from households.procedures.quotas import views as views_quota
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("procedures/", views_board.procedures, name="procedures"),
    path("procedures/bulk/choose/", views_bulk.choose, name="procedures-choose"),
    path("procedures/bulk/<int:pk>/", views_bulk.confirm, name="procedures-act"),
    path("procedures/post/", views_board.bulk_post, name="procedures-post"),
    path("procedures/new/", views_lists.new_procedure, name="procedure-new"),
    path(
        "procedures/templates/",
        list_view(TEMPLATES),
        name="procedure-templates",
    ),
    path("procedures/templates/<int:pk>/", views_county.procedure_template, name="procedure-template"),
    path("procedures/templates/<int:pk>/retire/", views_county.retire, name="procedure-template-retire"),
    path("procedures/templates/<int:pk>/steps/", county_kinds.template_steps, name="procedure-template-steps"),
    path("procedures/templates/<int:pk>/activate/", county_kinds.activate, name="procedure-template-activate"),
    path("procedures/kinds/", county_kinds.procedure_kinds, name="procedure-kinds"),
    path("procedures/kinds/new/", county_kinds.new_kind, name="procedure-kind-new"),
    path("procedures/representatives/<int:code>/", views_roll.representatives, name="representatives"),
    path("procedures/windows/", views_county.season_windows, name="season-windows"),
    path("procedures/windows/<int:pk>/withdraw/", views_county.withdraw_window, name="season-window-withdraw"),
    path("procedures/comparisons/", list_view(comparison_views.HITS), name="comparisons"),
    path("procedures/comparisons/new/", comparison_views.new_comparison, name="comparison-new"),
    path("procedures/comparisons/<int:pk>/explain/", comparison_views.explain, name="hit-explain"),
    path("procedures/deputies/", list_view(DEPUTIES), name="deputies"),
    path("procedures/deputies/new/", deputy_views.new_deputy, name="deputy-new"),
    path("procedures/deputies/<int:pk>/grant/", deputy_views.grant, name="deputy-grant"),
    path("procedures/deputies/<int:pk>/end/", deputy_views.end, name="deputy-end"),
    path("procedures/archives/", list_view(ARCHIVES), name="archives"),
    path("procedures/archives/new/", archive_views.new_archive, name="archive-new"),
    path("procedures/archives/<int:pk>/", archive_views.archive, name="archive"),
    path("procedures/archives/<int:pk>/<int:paper>/", archive_views.archive_paper, name="archive-paper"),
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
    path("procedures/notices/<int:pk>/photos/", views_photos.notice_photos, name="notice-photos"),
    path(
        "procedures/notices/<int:pk>/photos/<int:photo>/position/",
        views_photos.position,
        name="notice-photo-position",
    ),
    path("procedures/<int:pk>/", views_batch.procedure, name="procedure"),
    path("procedures/<int:pk>/quorum/", views_batch.quorum, name="procedure-quorum"),
    path("procedures/<int:pk>/add/", views_lists.add_entries, name="procedure-add"),
    path("procedures/<int:pk>/stay/", views_lists.stay_reasons, name="procedure-stay"),
    path("procedures/<int:pk>/entries/<int:entry>/", views_entry.procedure_entry, name="procedure-entry"),
    path("procedures/<int:pk>/papers/<int:paper>/", views_batch.paper_file, name="procedure-paper"),
    path("procedures/<int:pk>/do/<slug:action>/", views_batch.act_on, name="procedure-act"),
]
