"""Addresses of the register: codes and numbers only, nothing personal."""

from django.urls import URLPattern, path

from households.entry.declared import SECTIONS
from households.entry.events import views as views_events
from households.entry.files import views as views_files
from households.entry.income import views as views_income
from households.entry.members import views as views_members
from households.entry.new import views as views_new
from households.entry.sections import views as views_sections


def section_addresses() -> list[URLPattern]:
    """One address for each declared section of the household page."""
    return [
        path(f"households/<int:pk>/{code}/", section.view, {"section": code}, name=f"household-{code}")
        for code, section in SECTIONS.items()
    ]


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
    *section_addresses(),
]
