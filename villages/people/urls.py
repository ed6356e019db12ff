"""Addresses of login, accounts and postings."""

from django.urls import path

from villages.people import login_views, views

urlpatterns = [
    path("login/", login_views.login_page, name="login"),
    path("logout/", login_views.logout_page, name="logout"),
    path("password/", login_views.password_page, name="password_change"),
    path("accounts/", views.account_list, name="accounts"),
    path("accounts/new/", views.account_new, name="account-new"),
    path("accounts/villages/", views.village_accounts, name="village-accounts"),
    path("accounts/postings/villages/", views.village_postings, name="village-postings"),
    path("accounts/postings/<int:pk>/end/", views.posting_end, name="posting-end"),
    path("accounts/<int:pk>/", views.account_page, name="account"),
    path("accounts/<int:pk>/edit/", views.account_edit, name="account-edit"),
    path("accounts/<int:pk>/reset/", views.account_reset, name="account-reset"),
    path("accounts/<int:pk>/lock/", views.account_lock, name="account-lock"),
    path("accounts/<int:pk>/unlock/", views.account_unlock, name="account-unlock"),
    path("accounts/<int:pk>/close/", views.account_close, name="account-close"),
    path("accounts/<int:pk>/reopen/", views.account_reopen, name="account-reopen"),
    path("accounts/<int:pk>/postings/", views.posting_new, name="posting-new"),
]
