"""Addresses without login: opaque tokens and place codes, never a name or a tracking number."""

from django.urls import path

from households.procedures.notices import views as public_views

urlpatterns = [
    path("robots.txt", public_views.robots, name="robots"),
    path("gongshi/", public_views.start, name="public"),
    path("gongshi/objection/", public_views.follow, name="public-objection"),
    path("gongshi/<int:code>/", public_views.place, name="public-place"),
    path("gongshi/<int:code>/declare/", public_views.declare, name="public-declare"),
    path("gongshi/<int:code>/declared/", public_views.declared, name="public-declared"),
    path("gongshi/n/<slug:token>/", public_views.notice, name="public-notice"),
    path("gongshi/n/<slug:token>/objection/", public_views.object_to, name="public-object"),
    path("gongshi/n/<slug:token>/objection/sent/", public_views.sent, name="public-objection-sent"),
]
