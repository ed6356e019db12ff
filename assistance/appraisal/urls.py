"""Addresses of appraisal."""

from django.urls import path

from assistance.appraisal import views
from assistance.appraisal.lists import APPRAISALS
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("appraisals/", list_view(APPRAISALS), name="appraisals"),
    path("appraisals/<int:pk>/", views.appraise, name="appraise"),
]
