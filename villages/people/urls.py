"""Addresses of login, accounts and postings."""

from django.urls import path

from villages.people import login_views

urlpatterns = [
    path("login/", login_views.login_page, name="login"),
    path("logout/", login_views.logout_page, name="logout"),
    path("password/", login_views.password_page, name="password_change"),
]
