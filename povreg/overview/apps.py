"""The roof: pages that read across all apps."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "povreg.overview"
    label = "overview"
    verbose_name = "工作台与总览"
