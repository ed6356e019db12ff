"""Addresses of appraisal."""

from django.urls import path

from assistance.appraisal import views
from assistance.appraisal.lists import APPRAISALS
from assistance.appraisal.units import UNITS
from assistance.appraisal.work import WORK
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("appraisals/", list_view(APPRAISALS), name="appraisals"),
    path("appraisals/units/", list_view(UNITS), name="unit-appraisals"),
    path("appraisals/work/", list_view(WORK), name="helper-work"),
    path("appraisals/<int:pk>/", views.appraise, name="appraise"),
]
