"""Addresses of the register: codes and numbers only, nothing personal."""

from django.urls import path

from households.entry import page as views_page
from households.entry.events import views as views_events
from households.entry.files import views as views_files
from households.entry.income import views as views_income
from households.entry.members import views as views_members
from households.entry.new import views as views_new
from households.entry.sections import views as views_sections

SECTION_VIEWS = {
    "basic": views_sections.record_section,
    "members": views_members.members_section,
    "living": views_sections.record_section,
    "income": views_sections.record_section,
    "guarantees": views_members.guarantees_section,
    "files": views_files.files_section,
    views_page.HISTORY: views_files.history_section,
}

urlpatterns = [
    path("households/new/", views_new.new_household, name="household-new"),
    path("households/check-id/", views_members.check_id, name="household-check-id"),
    path("households/<int:pk>/", views_files.overview, name="household"),
    path("households/<int:pk>/copy/", views_sections.copy_last_year, name="household-copy"),
    path("households/<int:pk>/unmask/", views_members.unmask, name="household-unmask"),
    path("households/<int:pk>/income/total/", views_income.income_total, name="household-income-total"),
    path("households/<int:pk>/events/<slug:kind>/", views_events.event, name="household-event"),
    path("households/<int:pk>/files/<int:file>/", views_files.file, name="household-file"),
    path("households/<int:pk>/files/<int:file>/remove/", views_files.remove_file, name="household-file-remove"),
    *[
        path(f"households/<int:pk>/{section}/", view, {"section": section}, name=f"household-{section}")
        for section, view in SECTION_VIEWS.items()
    ],
]
