"""Address of the workbench."""

from django.urls import path

from povreg.overview.workbench import views

urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("workbench/checks/", views.village_checks, name="workbench-checks"),
]
