from assistance.models.pairing import Pairing

__all__ = ["Pairing"]
