from assistance.models.catalogue import CatalogueItem
from assistance.models.measure import Measure
from assistance.models.pairing import Pairing

__all__ = ["CatalogueItem", "Measure", "Pairing"]
