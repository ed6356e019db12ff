"""The rows of the auditors' work, one file a subject."""

from audits.models.finding import AuditRound, Evidence, Finding, FindingStep, InspectionVisit

__all__ = ["AuditRound", "Evidence", "Finding", "FindingStep", "InspectionVisit"]
