"""Addresses of policies and entitlements."""

from django.urls import path

from assistance.policies import views
from assistance.policies.lists import ENTITLED, LIBRARY
from povreg.kit.pages.edit import edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("policies/", list_view(LIBRARY), name="policies"),
    path("policies/<int:pk>/revise/", edit_view(views.REVISE), name="policy-revise"),
    path("policies/entitled/", list_view(ENTITLED), name="entitled"),
    path("policies/coverage/", views.coverage, name="policy-coverage"),
    path(
        "policies/<slug:policy>/<int:year>/why/<int:pk>/",
        edit_view(views.WHY, views.WhyPage),
        name="not-served",
    ),
]
