"""Addresses of the objection pages: numbers only."""

from django.urls import path

from households.procedures.objections import views as objection_views
from households.procedures.objections.lists import OBJECTIONS, RUNNING
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("objections/", list_view(OBJECTIONS, objection_views.Objections), name="objections"),
    path("objections/new/", list_view(RUNNING, template="households/objections/choose.html"), name="objection-choose"),
    path("objections/new/<int:pk>/", objection_views.receive, name="objection-receive"),
    path("objections/<int:pk>/", objection_views.detail, name="objection"),
    path("objections/<int:pk>/photos/<int:photo>/", objection_views.photo, name="objection-photo"),
    path("objections/<int:pk>/unmask/", objection_views.unmask, name="objection-unmask"),
    path("objections/<int:pk>/<slug:step>/", objection_views.act_on, name="objection-act"),
]
