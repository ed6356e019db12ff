"""What left the house, the seals of its history, and by which keys both were signed."""

from povreg.proof.models.exports import ExportRecord, ExportSheet
from povreg.proof.models.keys import SigningKey
from povreg.proof.models.seals import Erasure, Seal, SealPart

__all__ = ["Erasure", "ExportRecord", "ExportSheet", "Seal", "SealPart", "SigningKey"]
