from villages.models.access import TimedAccess
from villages.models.attempt import SignInAttempt
from villages.models.code import Code
from villages.models.message import Message
from villages.models.period import OfficeName, Programme, WorkingYear
from villages.models.place import Place, PlaceChange
from villages.models.printed import PrintColumns
from villages.models.second_factor import RecoveryCode, SecondFactor
from villages.models.sent import SentRequest
from villages.models.standard import CriteriaSet, PovertyLine
from villages.models.token import ApiToken
from villages.models.unit import Cadre, Unit, UnitVillage
from villages.models.user import Posting, User
from villages.models.village import VillageProfile
from villages.models.village_year import VillageYear

__all__ = [
    "ApiToken",
    "Cadre",
    "Code",
    "CriteriaSet",
    "Message",
    "OfficeName",
    "Place",
    "PlaceChange",
    "Posting",
    "PovertyLine",
    "PrintColumns",
    "Programme",
    "RecoveryCode",
    "SecondFactor",
    "SentRequest",
    "SignInAttempt",
    "TimedAccess",
    "Unit",
    "UnitVillage",
    "User",
    "VillageProfile",
    "VillageYear",
    "WorkingYear",
]
