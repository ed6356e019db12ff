"""Addresses of checks."""

from django.urls import path

from audits.checks import views
from audits.checks.lists import DOUBTS, EXEMPTIONS
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("checks/", list_view(DOUBTS), name="doubts"),
    path("checks/<int:pk>/", views.doubt, name="doubt"),
    path("checks/<int:pk>/exempt/", views.exempt_doubt, name="doubt-exempt"),
    path("checks/<int:pk>/open/", views.open_doubt, name="doubt-open"),
    path("checks/rules/", views.rules, name="check-rules"),
    path("checks/rules/<slug:code>/", views.rule, name="check-rule"),
    path("checks/rules/<slug:code>/unjudged/", views.unjudged, name="check-rule-unjudged"),
    path("checks/rules/<slug:code>/set/", views.set_rule, name="check-rule-set"),
    path("checks/run/", views.run, name="check-run"),
    path("checks/quality/", views.quality, name="check-quality"),
    path("checks/exemptions/", list_view(EXEMPTIONS), name="exemptions"),
    path("checks/exemptions/<int:pk>/withdraw/", views.withdraw, name="exemption-withdraw"),
]
