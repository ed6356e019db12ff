"""Addresses of visits: numbers only."""

from django.urls import path

from assistance.visits import views
from assistance.visits.lists import DUE, VISITS
from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("visits/", list_view(VISITS), name="visits"),
    path("visits/due/", list_view(DUE), name="visits-due"),
    path("visits/progress/", views.progress, name="visits-progress"),
    path("visits/new/<int:pk>/", views.log, name="visit-new"),
    path("visits/correct/<int:pk>/phone/", edit_view(views.PHONE), name="visit-phone"),
    path("visits/correct/<int:pk>/work/", edit_view(views.WORK), name="visit-work"),
    path("visits/correct/<int:pk>/propose/", edit_view(views.PROPOSE), name="visit-propose"),
    path("visits/<int:pk>/", views.detail, name="visit"),
    path("visits/<int:pk>/withdraw/", deed_view(views.WITHDRAW), name="visit-withdraw"),
]
