"""The register in the API: thin views over the verbs and selectors that the pages use."""

from households.api.annual import AnnualViewSet
from households.api.apart import NotSameViewSet
from households.api.applications import ApplicationViewSet
from households.api.assessments import AssessmentViewSet, FlipViewSet
from households.api.attachments import AttachmentViewSet
from households.api.batches import BatchViewSet
from households.api.closings import ClosingViewSet, LateFactViewSet
from households.api.consents import ConsentViewSet
from households.api.county import TemplateViewSet, WindowViewSet
from households.api.households import HouseholdViewSet
from households.api.imports import ImportViewSet
from households.api.kinds import KindViewSet
from households.api.leads import LeadViewSet
from households.api.members import MemberViewSet
from households.api.monitored import MonitoredViewSet
from households.api.notices import NoticeViewSet
from households.api.objections import ObjectionViewSet
from households.api.quotas import QuotaViewSet
from households.api.reminders import ReminderViewSet
from households.api.reviews import ReviewViewSet
from households.api.saved import SavedFilterViewSet
from households.api.standing import (
    CorrectionViewSet,
    DepartmentListViewSet,
    DepartmentRowViewSet,
    OpeningViewSet,
    ProposalViewSet,
)

RESOURCES = {
    "households": HouseholdViewSet,
    "saved-filters": SavedFilterViewSet,
    "members": MemberViewSet,
    "not-same": NotSameViewSet,
    "annual-records": AnnualViewSet,
    "attachments": AttachmentViewSet,
    "consents": ConsentViewSet,
    "assessments": AssessmentViewSet,
    "flips": FlipViewSet,
    "applications": ApplicationViewSet,
    "batches": BatchViewSet,
    "notices": NoticeViewSet,
    "objections": ObjectionViewSet,
    "leads": LeadViewSet,
    "monitored": MonitoredViewSet,
    "reminders": ReminderViewSet,
    "templates": TemplateViewSet,
    "kinds": KindViewSet,
    "windows": WindowViewSet,
    "quotas": QuotaViewSet,
    "imports": ImportViewSet,
    "closings": ClosingViewSet,
    "late-facts": LateFactViewSet,
    "corrections": CorrectionViewSet,
    "openings": OpeningViewSet,
    "proposals": ProposalViewSet,
    "department-lists": DepartmentListViewSet,
    "department-rows": DepartmentRowViewSet,
    "reviews": ReviewViewSet,
}
