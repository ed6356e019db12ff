"""The rows of the auditors' work, one file a subject."""

from audits.models.check import CheckRun, Doubt, Exemption, RuleSetting
from audits.models.finding import AuditRound, Evidence, Finding, FindingStep, InspectionVisit

__all__ = [
    "AuditRound",
    "CheckRun",
    "Doubt",
    "Evidence",
    "Exemption",
    "Finding",
    "FindingStep",
    "InspectionVisit",
    "RuleSetting",
]
