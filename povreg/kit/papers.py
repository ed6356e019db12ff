"""Papers of people who have no resident identity number, told by the form of their numbers.

Sources: passports of China (E or G and eight digits, later two letters and seven), travel permits of residents of Hong
Kong and Macao (H or M and eight or ten digits), permanent residence of foreigners (three letters and twelve digits).
"""

import re

PASSPORT, HONG_KONG_MACAO, RESIDENT_FOREIGNER = "4", "5", "7"
"""Codes of the table id_type."""
_FORMS = (
    (HONG_KONG_MACAO, re.compile(r"[HM]\d{8}(\d{2})?")),
    (RESIDENT_FOREIGNER, re.compile(r"[A-Z]{3}\d{12}")),
    (PASSPORT, re.compile(r"[A-Z]\d{7,8}|[A-Z]{2}\d{6,7}")),
)


def paper_of(number: str) -> str | None:
    """The kind of paper (code of id_type) a normalised number has the form of; None for any other text."""
    return next((kind for kind, form in _FORMS if form.fullmatch(number)), None)
