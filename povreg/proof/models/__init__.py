"""What left the house, and by which keys it was signed."""

from povreg.proof.models.exports import ExportRecord, ExportSheet
from povreg.proof.models.keys import SigningKey

__all__ = ["ExportRecord", "ExportSheet", "SigningKey"]
