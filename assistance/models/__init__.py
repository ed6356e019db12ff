from assistance.models.appraisal import HelperAppraisal
from assistance.models.asset import Asset, AssetIncome
from assistance.models.catalogue import CatalogueItem
from assistance.models.funds import Allocation, Disbursement, FundSource
from assistance.models.income_model import IncomeModel
from assistance.models.loan import LoanTerms, RiskFund, RiskMove
from assistance.models.measure import Measure
from assistance.models.pairing import Pairing, PairingChoice, PairingLimit, PairingProposal
from assistance.models.paper import CorrectionRequest, HouseholdCard
from assistance.models.partner import (
    Donation,
    Partner,
    PartnerLink,
    PartnerPayment,
    SocialNeed,
    SocialOffer,
)
from assistance.models.plan import NeedsSurvey, Plan, PlanLine
from assistance.models.policy import NotServed, Policy
from assistance.models.project_objection import ProjectObjection
from assistance.models.projects import Project, ProjectBeneficiary, ProjectNotice, ProjectStep
from assistance.models.running import PostMonth, ResettlementSite
from assistance.models.share import Shareholding
from assistance.models.tally import AssistanceTally
from assistance.models.team import TeamMonth
from assistance.models.visit import Visit, VisitPhoto
from assistance.models.work import WorkPost, WorkSpell, WorkWish

__all__ = [
    "Allocation",
    "Asset",
    "AssetIncome",
    "AssistanceTally",
    "CatalogueItem",
    "CorrectionRequest",
    "Disbursement",
    "Donation",
    "FundSource",
    "HelperAppraisal",
    "HouseholdCard",
    "IncomeModel",
    "LoanTerms",
    "Measure",
    "NeedsSurvey",
    "NotServed",
    "Pairing",
    "PairingChoice",
    "PairingLimit",
    "PairingProposal",
    "Partner",
    "PartnerLink",
    "PartnerPayment",
    "Plan",
    "PlanLine",
    "Policy",
    "PostMonth",
    "Project",
    "ProjectBeneficiary",
    "ProjectNotice",
    "ProjectObjection",
    "ProjectStep",
    "ResettlementSite",
    "RiskFund",
    "RiskMove",
    "Shareholding",
    "SocialNeed",
    "SocialOffer",
    "TeamMonth",
    "Visit",
    "VisitPhoto",
    "WorkPost",
    "WorkSpell",
    "WorkWish",
]
