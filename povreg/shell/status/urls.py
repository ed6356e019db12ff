from django.urls import path

from povreg.shell.status import metrics, views

urlpatterns = [
    path("metrics", metrics.metrics, name="metrics"),
    path("system/", views.status, name="system-status"),
]
