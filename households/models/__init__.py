from households.models.annual import AnnualRecord, MemberYear
from households.models.assessment import Assessment, Flip
from households.models.event import AcceptedWarning, RegisterEvent
from households.models.file import Attachment
from households.models.household import Household
from households.models.member import Member
from households.models.sheet import SheetImport, UnmaskLog
from households.models.summary import Tally

__all__ = [
    "AcceptedWarning",
    "AnnualRecord",
    "Assessment",
    "Attachment",
    "Flip",
    "Household",
    "Member",
    "MemberYear",
    "RegisterEvent",
    "SheetImport",
    "Tally",
    "UnmaskLog",
]
