"""Addresses of messages."""

from django.urls import path

from povreg.overview.messages import views

urlpatterns = [
    path("messages/", views.messages_page, name="messages"),
    path("messages/reminders/", views.reminders_page, name="reminders"),
    path("messages/read/", views.message_read, name="message-read"),
    path("messages/new/", views.note_new, name="note-new"),
    path("messages/sent/", views.sent, name="messages-sent"),
    path("messages/<int:pk>/", views.message_open, name="message-open"),
]
