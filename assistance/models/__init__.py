from assistance.models.catalogue import CatalogueItem
from assistance.models.measure import Measure
from assistance.models.pairing import Pairing
from assistance.models.visit import Visit, VisitPhoto

__all__ = ["CatalogueItem", "Measure", "Pairing", "Visit", "VisitPhoto"]
