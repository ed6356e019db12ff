"""Addresses of the printed papers."""

from django.urls import path

from households.procedures.papers import views as print_views

urlpatterns = [
    path("procedures/notices/<int:pk>/print/", print_views.notice_page, name="notice-print"),
    path("procedures/notices/<int:pk>/print.docx", print_views.notice_docx, name="notice-docx"),
    path("procedures/objections/<int:pk>/print/<slug:form>/", print_views.objection_page, name="objection-print"),
    path("procedures/objections/<int:pk>/print/<slug:form>.docx", print_views.objection_docx, name="objection-docx"),
    path("procedures/applications/<int:pk>/refusal/", print_views.refusal_page, name="refusal-print"),
    path("procedures/applications/<int:pk>/refusal.docx", print_views.refusal_docx, name="refusal-docx"),
    path(
        "procedures/<int:pk>/entries/<int:entry>/file.pdf",
        print_views.household_file,
        {"kind": "pdf"},
        name="procedure-file",
    ),
    path(
        "procedures/<int:pk>/entries/<int:entry>/file.zip",
        print_views.household_file,
        {"kind": "zip"},
        name="procedure-file-parts",
    ),
    path("procedures/<int:pk>/print/<slug:form>/", print_views.form_page, name="procedure-print"),
    path("procedures/<int:pk>/print/<slug:form>.docx", print_views.form_docx, name="procedure-docx"),
]
