"""The demonstration county, above everything it shows."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "povreg.demo"
    label = "demo"
    verbose_name = "演示数据"
