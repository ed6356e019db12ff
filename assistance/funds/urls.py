"""Addresses of projects and funds: numbers only; the public page by an opaque token."""

from django.urls import path

from assistance.funds.ledger import views as ledger
from assistance.funds.ledger.edits import REVERSE, SOURCE
from assistance.funds.ledger.lists import PAYMENTS, SOURCES
from assistance.funds.notices import views as notices
from assistance.funds.notices.lists import ANSWER, OBJECTIONS
from assistance.funds.projects import views as projects
from assistance.funds.projects.edits import PROJECT
from assistance.funds.projects.lists import PROJECTS
from povreg.kit.pages.edit import deed_view, edit_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("projects/", list_view(PROJECTS), name="projects"),
    path("projects/new/", new_view(PROJECT), name="project-new"),
    path("projects/<int:pk>/", projects.detail, name="project"),
    path("projects/<int:pk>/edit/", edit_view(PROJECT), name="project-edit"),
    path("projects/<int:pk>/do/<slug:deed>/", projects.act_on, name="project-act"),
    path("funds/", list_view(SOURCES), name="funds"),
    path("funds/new/", new_view(SOURCE), name="fund-new"),
    path("funds/spread/", ledger.spread, name="fund-spread"),
    path("funds/<int:pk>/", ledger.source, name="fund"),
    path("funds/<int:pk>/edit/", edit_view(SOURCE), name="fund-edit"),
    path("disbursements/", list_view(PAYMENTS), name="disbursements"),
    path("disbursements/<int:pk>/reverse/", deed_view(REVERSE), name="disbursement-reverse"),
    path("projects/objections/", list_view(OBJECTIONS), name="project-objections"),
    path("projects/objections/<int:pk>/answer/", deed_view(ANSWER), name="project-objection-answer"),
    path("gongshi/p/<slug:token>/objection/", notices.object_to, name="public-project-objection"),
    path("gongshi/p/<slug:token>/objection/sent/", notices.sent, name="public-project-objection-sent"),
    path("gongshi/p/<slug:token>/", notices.project, name="public-project"),
]
