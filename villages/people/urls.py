"""Addresses of login, accounts and postings."""

from django.urls import path

from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view
from villages.people import edits, login_views, printing, views
from villages.people.lists import ACCOUNTS, SIGN_INS
from villages.people.second_factor import views as second_factor

urlpatterns = [
    path("login/", login_views.login_page, name="login"),
    path("login/code/", second_factor.code_page, name="login-code"),
    path("login/security/", second_factor.security_page, name="sign-in-security"),
    path("login/security/begin/", second_factor.begin, name="second-factor-begin"),
    *(
        path(f"login/security/{verb}/", second_factor.with_code(verb), name=f"second-factor-{verb}")
        for verb in second_factor.DEEDS
    ),
    path("logout/", login_views.logout_page, name="logout"),
    path("password/", login_views.password_page, name="password_change"),
    path("lists/<slug:code>/print/", printing.print_columns, name="print-columns"),
    path("sign-ins/", list_view(SIGN_INS), name="sign-ins"),
    path("accounts/", list_view(ACCOUNTS), name="accounts"),
    path("accounts/new/", edit_view(edits.NEW_ACCOUNT), name="account-new"),
    path("accounts/villages/", views.village_accounts, name="village-accounts"),
    path("accounts/postings/villages/", views.village_postings, name="village-postings"),
    path("accounts/postings/<int:pk>/end/", deed_view(edits.END_POSTING), name="posting-end"),
    path("accounts/<int:pk>/", views.account_page, name="account"),
    path("accounts/<int:pk>/edit/", edit_view(edits.ACCOUNT), name="account-edit"),
    path("accounts/<int:pk>/reset/", deed_view(edits.RESET), name="account-reset"),
    path("accounts/<int:pk>/factor/", deed_view(edits.RESET_FACTOR), name="account-factor"),
    path("accounts/<int:pk>/lock/", deed_view(edits.LOCK), name="account-lock"),
    path("accounts/<int:pk>/unlock/", deed_view(edits.UNLOCK), name="account-unlock"),
    path("accounts/<int:pk>/close/", deed_view(edits.CLOSE), name="account-close"),
    path("accounts/<int:pk>/reopen/", deed_view(edits.REOPEN), name="account-reopen"),
    path("accounts/<int:pk>/postings/", views.posting_new, name="posting-new"),
]
