from assistance.models.catalogue import CatalogueItem
from assistance.models.funds import Allocation, Disbursement, FundSource
from assistance.models.measure import Measure
from assistance.models.pairing import Pairing
from assistance.models.plan import NeedsSurvey, Plan, PlanLine
from assistance.models.projects import Project, ProjectBeneficiary, ProjectNotice, ProjectStep
from assistance.models.visit import Visit, VisitPhoto

__all__ = [
    "Allocation",
    "CatalogueItem",
    "Disbursement",
    "FundSource",
    "Measure",
    "NeedsSurvey",
    "Pairing",
    "Plan",
    "PlanLine",
    "Project",
    "ProjectBeneficiary",
    "ProjectNotice",
    "ProjectStep",
    "Visit",
    "VisitPhoto",
]
