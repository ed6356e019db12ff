"""The rows of the auditors' work, one file a subject."""

from audits.models.check import CheckRun, Doubt, Exemption, RuleSetting
from audits.models.comparison import ComparisonHit, ComparisonList, ComparisonRow
from audits.models.detection import DetectionRun, Sign
from audits.models.export import SavedExport
from audits.models.finding import AuditRound, Evidence, Finding, FindingStep, InspectionVisit
from audits.models.privilege import PrivilegeReview
from audits.models.sample import Sample, SampleCase, SamplePhoto

__all__ = [
    "AuditRound",
    "CheckRun",
    "ComparisonHit",
    "ComparisonList",
    "ComparisonRow",
    "DetectionRun",
    "Doubt",
    "Evidence",
    "Exemption",
    "Finding",
    "FindingStep",
    "InspectionVisit",
    "PrivilegeReview",
    "RuleSetting",
    "Sample",
    "SampleCase",
    "SamplePhoto",
    "SavedExport",
    "Sign",
]
