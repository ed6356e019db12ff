from households.models.annual import AnnualRecord, MemberYear
from households.models.apart import NotSame
from households.models.application import Application, Survey, Surveyor
from households.models.assessment import Assessment, Flip
from households.models.board import BoardPhoto
from households.models.bulk import BatchLook, BulkAct
from households.models.clearance import Clearance
from households.models.closing import ClosedHousehold, CountedPerson, LateFact, YearClosing
from households.models.comparison import Comparison, ComparisonHit
from households.models.correcting import ApprovalCorrection, Archive, ArchivePaper
from households.models.deputy import Deputy
from households.models.event import AcceptedWarning, RegisterEvent
from households.models.file import Attachment
from households.models.find import ListColumns, SavedFilter
from households.models.household import Household
from households.models.income import IncomeRange, IncomeTest, NoRange
from households.models.kind import ProcedureKind
from households.models.lead import Lead
from households.models.look import Consent, Look
from households.models.meeting import Meeting, RepresentativeRoll, Vote
from households.models.member import Member
from households.models.notice import Notice, NoticeEntry
from households.models.objection import Objection, ObjectionNews, ObjectionPhoto
from households.models.presence import Presence
from households.models.procedure import (
    Batch,
    BatchEntry,
    EntryResult,
    Paper,
    Signature,
    StayReason,
    StepRecord,
)
from households.models.quota import Quota, Reminder, SeasonWindow
from households.models.review import PolicyRun, Review, SupportDecision
from households.models.sheet import SheetImport, UnmaskLog
from households.models.standing import (
    CorrectionOrder,
    DepartmentList,
    DepartmentRow,
    Episode,
    OpeningStock,
    Spell,
    StandingClass,
    StandingProposal,
)
from households.models.summary import Tally
from households.models.template import ProcedureTemplate, TemplateStep
from households.models.village_exit import Indicator, IndicatorSet, IndicatorValue

__all__ = [
    "AcceptedWarning",
    "AnnualRecord",
    "Application",
    "ApprovalCorrection",
    "Archive",
    "ArchivePaper",
    "Assessment",
    "Attachment",
    "Batch",
    "BatchEntry",
    "BatchLook",
    "BoardPhoto",
    "BulkAct",
    "Clearance",
    "ClosedHousehold",
    "Comparison",
    "ComparisonHit",
    "Consent",
    "CorrectionOrder",
    "CountedPerson",
    "DepartmentList",
    "DepartmentRow",
    "Deputy",
    "EntryResult",
    "Episode",
    "Flip",
    "Household",
    "IncomeRange",
    "IncomeTest",
    "Indicator",
    "IndicatorSet",
    "IndicatorValue",
    "LateFact",
    "Lead",
    "ListColumns",
    "Look",
    "Meeting",
    "Member",
    "MemberYear",
    "NoRange",
    "NotSame",
    "Notice",
    "NoticeEntry",
    "Objection",
    "ObjectionNews",
    "ObjectionPhoto",
    "OpeningStock",
    "Paper",
    "PolicyRun",
    "Presence",
    "ProcedureKind",
    "ProcedureTemplate",
    "Quota",
    "RegisterEvent",
    "Reminder",
    "RepresentativeRoll",
    "Review",
    "SavedFilter",
    "SeasonWindow",
    "SheetImport",
    "Signature",
    "Spell",
    "StandingClass",
    "StandingProposal",
    "StayReason",
    "StepRecord",
    "SupportDecision",
    "Survey",
    "Surveyor",
    "Tally",
    "TemplateStep",
    "UnmaskLog",
    "Vote",
    "YearClosing",
]
