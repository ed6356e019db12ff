"""The API's resources of assistance."""

from assistance.api import assets, funds, papers, partners, running, work
from assistance.api.measures import CatalogueViewSet, MeasureViewSet
from assistance.api.pairings import PairingViewSet
from assistance.api.plans import MissingPlanViewSet, PlanViewSet
from assistance.api.policies import EntitledViewSet, PolicyViewSet
from assistance.api.visits import DueVisitViewSet, VisitViewSet

RESOURCES = {
    "pairings": PairingViewSet,
    "measures": MeasureViewSet,
    "catalogue": CatalogueViewSet,
    "policies": PolicyViewSet,
    "entitled": EntitledViewSet,
    "plans": PlanViewSet,
    "plans-missing": MissingPlanViewSet,
    "visits": VisitViewSet,
    "visits-due": DueVisitViewSet,
    **funds.RESOURCES,
    **assets.RESOURCES,
    **work.RESOURCES,
    **partners.RESOURCES,
    **papers.RESOURCES,
    **running.RESOURCES,
}
