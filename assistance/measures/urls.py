"""Addresses of measures: numbers only."""

from django.urls import path

from assistance.measures import views
from assistance.measures.lists import MEASURES
from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("measures/", list_view(MEASURES), name="measures"),
    path("measures/summary/", views.summary, name="measures-summary"),
    path("measures/new/", views.whom, name="measure-whom"),
    path("measures/new/<int:pk>/", views.choose, name="measure-choose"),
    path("measures/new/<int:pk>/<int:item>/", edit_view(views.DELIVER, views.DeliverPage), name="measure-new"),
    path("measures/<int:pk>/", edit_view(views.CORRECT), name="measure"),
    path("measures/<int:pk>/withdraw/", deed_view(views.WITHDRAW), name="measure-withdraw"),
]
