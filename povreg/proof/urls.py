"""Addresses of proof; without login, beside the public notices."""

from django.urls import path

from povreg.proof import views

urlpatterns = [
    path("gongshi/heyan/", views.verify_page, name="verify"),
    path("gongshi/fengyin/", views.seals_page, name="seals"),
    path("gongshi/heyan/keys.pem", views.public_keys, name="public-keys"),
]
