"""The register in the API: thin views over the verbs and selectors that the pages use."""

from households.api.annual import AnnualViewSet
from households.api.assessments import AssessmentViewSet
from households.api.households import HouseholdViewSet
from households.api.members import MemberViewSet
from households.api.procedures import BatchViewSet, NoticeViewSet, ObjectionViewSet

RESOURCES = {
    "households": HouseholdViewSet,
    "members": MemberViewSet,
    "annual-records": AnnualViewSet,
    "assessments": AssessmentViewSet,
    "batches": BatchViewSet,
    "notices": NoticeViewSet,
    "objections": ObjectionViewSet,
}
