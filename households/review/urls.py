"""Addresses of 分类管理: numbers only."""

from django.urls import path

from households.review.edits import DECISION, REVIEW, WITHDRAWAL
from households.review.lists import PROGRESS, REVIEWS
from povreg.kit.pages.edit import deed_view, edit_view
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("reviews/", list_view(REVIEWS), name="reviews"),
    path("reviews/progress/", list_view(PROGRESS), name="review-progress"),
    path("reviews/household/<int:pk>/", edit_view(REVIEW), name="review-edit"),
    path("reviews/household/<int:pk>/decision/", edit_view(DECISION), name="support-new"),
    path("reviews/decision/<int:pk>/withdraw/", deed_view(WITHDRAWAL), name="support-withdraw"),
]
