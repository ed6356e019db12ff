"""What the project's addresses are with the toy subject installed."""

from django.urls import include, path

from households.entry.urls import section_addresses
from povreg.kit.pages.edit import edit_view
from povreg.kit.pages.views import list_view
from povreg.overview.api.urls import resource_addresses
from tests.toy.pages import WELL, WELLS

urlpatterns = [
    path("wells/", list_view(WELLS), name="wells"),
    path("wells/<int:pk>/", edit_view(WELL), name="well"),
    *section_addresses(),
    path("api/v1/", include((resource_addresses(), "api"))),
    path("", include("povreg.urls")),
]
