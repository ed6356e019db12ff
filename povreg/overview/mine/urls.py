"""Addresses of 我的."""

from django.urls import path

from povreg.overview.mine import views

urlpatterns = [
    path("me/", views.mine, name="mine"),
    path("me/type/", views.type_size, name="type-size"),
]
