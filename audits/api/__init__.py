"""What auditors work with, in the API: thin views over the verbs and selectors that the pages use."""

from typing import Any

from audits.api.checks import DoubtViewSet
from audits.api.comparisons import ComparisonViewSet, HitViewSet
from audits.api.detection import AccountSignViewSet, SignViewSet
from audits.api.exports import DatasetViewSet, ExportRecordViewSet, SavedExportViewSet
from audits.api.findings import FindingViewSet, InspectionViewSet, RoundViewSet
from audits.api.rules import QualityViewSet, RuleViewSet
from audits.api.samples import CaseViewSet, SampleViewSet
from audits.api.trail import TrailViewSet

RESOURCES: dict[str, Any] = {
    "checks": DoubtViewSet,
    "rules": RuleViewSet,
    "quality": QualityViewSet,
    "export-records": ExportRecordViewSet,
    "comparisons": ComparisonViewSet,
    "hits": HitViewSet,
    "findings": FindingViewSet,
    "rounds": RoundViewSet,
    "inspections": InspectionViewSet,
    "samples": SampleViewSet,
    "sample-cases": CaseViewSet,
    "signs": SignViewSet,
    "sign-accounts": AccountSignViewSet,
    "trail": TrailViewSet,
    "datasets": DatasetViewSet,
    "saved-exports": SavedExportViewSet,
}
