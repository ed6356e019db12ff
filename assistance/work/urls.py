"""Addresses of work: numbers only."""

from django.urls import path

from assistance.work import views
from assistance.work.edits import END, POST
from assistance.work.lists import POSTS, SPELLS
from assistance.work.pages import WorkList
from povreg.kit.pages.edit import deed_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("work/", list_view(SPELLS, WorkList), name="work"),
    path("work/against/", views.against, name="work-against"),
    path("work/posts/", list_view(POSTS, WorkList), name="work-posts"),
    path("work/posts/new/", new_view(POST), name="work-post-new"),
    path("work/posts/<int:pk>/", views.post, name="work-post"),
    path("work/villages/<int:code>/", views.month, name="work-month"),
    path("work/<int:pk>/end/", deed_view(END), name="work-end"),
]
