"""Addresses of poverty lines and criteria sets."""

from django.urls import path

from villages.standards import views

urlpatterns = [
    path("standards/", views.standards, name="standards"),
    path("standards/lines/new/", views.line_new, name="line-new"),
    path("standards/lines/<int:pk>/correct/", views.line_correct, name="line-correct"),
    path("standards/lines/<int:pk>/withdraw/", views.line_withdraw, name="line-withdraw"),
    path("standards/sets/new/", views.set_new, name="set-new"),
    path("standards/sets/<int:pk>/withdraw/", views.set_withdraw, name="set-withdraw"),
]
