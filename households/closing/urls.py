"""Addresses of closed years."""

from django.urls import path

from households.closing import views
from households.closing.lists import CLOSINGS, LATE_FACTS
from povreg.kit.pages.edit import edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("closings/", list_view(CLOSINGS, views.Closings), name="closings"),
    path("closings/late/", list_view(LATE_FACTS), name="late-facts"),
    path("closings/<int:pk>/verify/", views.verify, name="closing-verify"),
    path("closings/<int:county>/<int:year>/", edit_view(views.CLOSE, views.ClosePage), name="close-year"),
]
