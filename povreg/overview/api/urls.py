"""All addresses under /api/v1/: the resources that the apps declared, sign-in and the description."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from rest_framework.routers import APIRootView, DefaultRouter

import villages.api
from povreg.kit.api import schema  # noqa: F401  makes its descriptions of fields known
from povreg.kit.api.description import Description
from povreg.kit.api.errors import unknown_address
from povreg.kit.api.resources import RESOURCES


class Root(APIRootView):
    """The resources."""

    schema = None


def resource_addresses() -> list[URLPattern | URLResolver]:
    """Addresses of every declared resource, and their root."""
    router = DefaultRouter(use_regex_path=False)
    router.include_format_suffixes = False
    router.APIRootView = Root
    for name, view in RESOURCES.items():
        router.register(name, view, basename=name)
    return router.urls


class Anything:
    """What is left of an address, line breaks included."""

    regex = r"(?s:.+)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Anything, "anything")
addresses = [
    path("schema/", Description.as_view(), name="schema"),
    path("auth/token/", villages.api.TokenView.as_view(), name="token"),
    path("", include(resource_addresses())),
    path("<anything:rest>", unknown_address, name="unknown"),
]
urlpatterns = [path("api/v1/", include((addresses, "api")))]
