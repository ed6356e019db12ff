"""Addresses of needs and plans: numbers only."""

from django.urls import path

from assistance.plans import views
from assistance.plans.lists import MISSING, PLANS
from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("plans/", list_view(PLANS), name="plans"),
    path("plans/missing/", list_view(MISSING), name="plans-missing"),
    path("plans/needs/<int:pk>/", edit_view(views.NEEDS), name="needs"),
    path("plans/new/<int:pk>/", edit_view(views.DRAW), name="plan-new"),
    path("plans/<int:pk>/", views.detail, name="plan"),
    path("plans/<int:pk>/edit/", edit_view(views.REVISE), name="plan-edit"),
    path("plans/<int:pk>/measures/", edit_view(views.LINE), name="plan-line"),
    path("plans/<int:pk>/agree/", deed_view(views.AGREE), name="plan-agree"),
    path("plans/<int:pk>/reopen/", deed_view(views.REOPEN), name="plan-reopen"),
    path("plans/measures/<int:pk>/drop/", deed_view(views.DROP), name="plan-line-drop"),
]
