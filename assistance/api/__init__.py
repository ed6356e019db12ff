"""The API's resources of assistance."""

from assistance.api.measures import CatalogueViewSet, MeasureViewSet
from assistance.api.pairings import PairingViewSet

RESOURCES = {"pairings": PairingViewSet, "measures": MeasureViewSet, "catalogue": CatalogueViewSet}
