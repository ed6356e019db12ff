"""Addresses of samples."""

from django.urls import path

from audits.samples import views
from audits.samples.lists import CASES, SAMPLES
from povreg.kit.pages.views import list_view

urlpatterns = [
    path("samples/", list_view(SAMPLES), name="samples"),
    path("samples/new/", views.new_sample, name="sample-new"),
    path("samples/cases/", list_view(CASES), name="sample-cases"),
    path("samples/cases/<int:pk>/", views.case, name="sample-case"),
    path("samples/cases/<int:pk>/note/", views.note_view, name="sample-case-note"),
    path("samples/cases/<int:pk>/unreached/", views.unreached_view, name="sample-case-unreached"),
    path("samples/cases/<int:pk>/photos/", views.add_photo, name="sample-photo-add"),
    path("samples/cases/<int:pk>/photos/<int:file>/", views.photo, name="sample-photo"),
    path("samples/<int:pk>/", views.sample, name="sample"),
    path("samples/<int:pk>/frame/", views.frame, name="sample-frame"),
    path("samples/<int:pk>/print/", views.print_forms, name="sample-print"),
    path("samples/<int:pk>/close/", views.close_view, name="sample-close"),
]
