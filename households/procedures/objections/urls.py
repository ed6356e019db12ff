"""Addresses of the objection pages: numbers only."""

from django.urls import path

from households.procedures.objections import views as objection_views

urlpatterns = [
    path("objections/", objection_views.index, name="objections"),
    path("objections/new/", objection_views.choose, name="objection-choose"),
    path("objections/new/<int:pk>/", objection_views.receive, name="objection-receive"),
    path("objections/<int:pk>/", objection_views.detail, name="objection"),
    path("objections/<int:pk>/unmask/", objection_views.unmask, name="objection-unmask"),
    path("objections/<int:pk>/<slug:step>/", objection_views.act_on, name="objection-act"),
]
