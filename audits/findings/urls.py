"""Addresses of findings, rounds and inspections."""

from django.urls import path

from audits.findings import round_views, views
from audits.findings.lists import FINDINGS, INSPECTIONS, ROUNDS
from povreg.kit.pages.edit import edit_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("findings/", list_view(FINDINGS, views.Findings), name="findings"),
    path("findings/new/", views.new_finding, name="finding-new"),
    path("findings/<int:pk>/", views.detail, name="finding"),
    path("findings/<int:pk>/do/<slug:step>/", views.act_on, name="finding-act"),
    path("findings/<int:pk>/evidence/<int:file>/", views.evidence, name="finding-evidence"),
    path("rounds/", list_view(ROUNDS), name="audit-rounds"),
    path("rounds/new/", new_view(round_views.ROUND), name="audit-round-new"),
    path("rounds/<int:pk>/", round_views.audit_round, name="audit-round"),
    path("rounds/<int:pk>/bulletin/", round_views.bulletin, name="audit-round-bulletin"),
    path("rounds/<int:pk>/close/", edit_view(round_views.CLOSE_ROUND), name="audit-round-close"),
    path("inspections/", list_view(INSPECTIONS), name="inspections"),
    path("inspections/new/", new_view(round_views.INSPECTION), name="inspection-new"),
    path("inspections/<int:pk>/", round_views.inspection, name="inspection"),
]
