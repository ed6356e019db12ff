"""Addresses of sheets."""

from django.urls import path

from households.sheets import views

urlpatterns = [
    path("sheets/", views.sheets, name="sheets"),
    path("sheets/export/", views.sheet_export, name="sheet-export"),
    path("sheets/templates/<slug:layout>/", views.sheet_template, name="sheet-template"),
    path("sheets/<int:pk>/", views.sheet_import, name="sheet-import"),
    path("sheets/<int:pk>/columns/", views.sheet_columns, name="sheet-columns"),
    path("sheets/<int:pk>/confirm/", views.sheet_confirm, name="sheet-confirm"),
    path("sheets/<int:pk>/discard/", views.sheet_discard, name="sheet-discard"),
    path("sheets/<int:pk>/households/", views.sheet_households, name="sheet-households"),
    path("sheets/<int:pk>/undo/", views.sheet_undo, name="sheet-undo"),
    path("sheets/<int:pk>/rejects/", views.sheet_rejects, name="sheet-rejects"),
]
