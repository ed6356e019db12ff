"""The papers of a list by code: what makes them."""

from __future__ import annotations

from households.procedures.engine.printed import PRINTED
from households.procedures.papers import declared, household_forms, office_forms
from households.procedures.papers.declared import Form, Sheets

MADE: dict[str, Sheets] = {
    "application": declared.application_sheets,
    "authorisation": office_forms.authorisation_sheets,
    "survey": household_forms.survey_sheets,
    "income": household_forms.income_sheets,
    "comparison": office_forms.comparison_sheets,
    "sign-in": office_forms.sign_in_sheets,
    "minutes": declared.minutes_sheets,
    "consent": declared.consent_sheets,
    "unopposed": office_forms.unopposed_sheets,
    "township": office_forms.township_sheets,
    "approval": declared.approval_sheets,
    "decision": office_forms.county_sheets,
    "village-exit": household_forms.village_sheets,
    "correction": office_forms.correction_sheets,
    "contents": office_forms.contents_sheets,
}
FORMS: dict[str, Form] = {code: (name, MADE[code]) for code, name in PRINTED.items()}
FILED = ("comparison", "sign-in", "minutes", "unopposed", "township", "approval", "decision")
"""Those of the whole list that lie in the file of each of its households."""
