from django.urls import path

from povreg.kit.pages.views import list_view
from povreg.overview.jobs import views
from povreg.overview.jobs.lists import JOBS

urlpatterns = [
    path("jobs/", list_view(JOBS), name="jobs"),
    path("jobs/<uuid:pk>/", views.job_page, name="job"),
    path("jobs/<uuid:pk>/progress/", views.job_progress, name="job-progress"),
    path("jobs/<uuid:pk>/cancel/", views.job_cancel, name="job-cancel"),
    path("jobs/<uuid:pk>/retry/", views.job_retry, name="job-retry"),
    path("jobs/<uuid:pk>/result/", views.job_result, name="job-result"),
]
