"""Addresses of workbooks, by layout."""

from django.urls import path

from assistance.books import views

urlpatterns = [
    path("assistance/books/", views.index, name="assistance-books"),
    path("assistance/books/<slug:code>/", views.take, name="assistance-book"),
    path("assistance/books/<slug:code>/blank/", views.blank, name="assistance-book-blank"),
]
