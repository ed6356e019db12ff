from django.urls import path

from povreg.overview.messages import views

urlpatterns = [path("messages/", views.messages_page, name="messages")]
