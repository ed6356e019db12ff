"""What auditors work with, in the API: thin views over the verbs and selectors that the pages use."""

from typing import Any

from audits.api.checks import DoubtViewSet
from audits.api.comparisons import ComparisonViewSet, HitViewSet
from audits.api.exports import ExportRecordViewSet
from audits.api.findings import FindingViewSet, InspectionViewSet, RoundViewSet
from audits.api.samples import CaseViewSet, SampleViewSet

RESOURCES: dict[str, Any] = {
    "checks": DoubtViewSet,
    "export-records": ExportRecordViewSet,
    "comparisons": ComparisonViewSet,
    "hits": HitViewSet,
    "findings": FindingViewSet,
    "rounds": RoundViewSet,
    "inspections": InspectionViewSet,
    "samples": SampleViewSet,
    "sample-cases": CaseViewSet,
}
