"""Addresses of messages."""

from django.urls import path

from povreg.kit.pages.edit import edit_view
from povreg.kit.pages.views import list_view
from povreg.overview.messages import views
from povreg.overview.messages.edits import NOTE
from povreg.overview.messages.lists import REMINDERS
from villages.messages.lists import MESSAGES, SENT

urlpatterns = [
    path("messages/", list_view(MESSAGES, views.Messages), name="messages"),
    path("messages/reminders/", list_view(REMINDERS), name="reminders"),
    path("messages/read/", views.message_read, name="message-read"),
    path("messages/new/", edit_view(NOTE), name="note-new"),
    path("messages/sent/", list_view(SENT), name="messages-sent"),
    path("messages/<int:pk>/", views.message_open, name="message-open"),
]
