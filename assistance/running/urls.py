"""Addresses of loans, public posts and sites: numbers only."""

from django.urls import path

from assistance.running.loans import views as loans
from assistance.running.loans.lists import LOANS
from assistance.running.posts import views as posts
from assistance.running.posts.lists import POSTS
from assistance.running.sites.edits import SITE
from assistance.running.sites.lists import SITES
from povreg.kit.pages.edit import deed_view, edit_view, new_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("loans/", list_view(LOANS, loans.Loans), name="loans"),
    path("loans/terms/", new_view(loans.TERMS), name="loan-terms"),
    path("loans/fund/", new_view(loans.FILL), name="risk-fund-fill"),
    path("loans/<int:pk>/settle/", deed_view(loans.SETTLE), name="loan-settle"),
    path("loans/<int:pk>/compensate/", deed_view(loans.COMPENSATE), name="loan-compensate"),
    path("loans/<int:pk>/recover/", deed_view(loans.RECOVER), name="loan-recover"),
    path("posts/", list_view(POSTS), name="public-posts"),
    path("posts/villages/<int:code>/", posts.month, name="post-month"),
    path("sites/", list_view(SITES), name="sites"),
    path("sites/new/", new_view(SITE), name="site-new"),
    path("sites/<int:pk>/", edit_view(SITE), name="site"),
]
