"""What may be shown of a number on a screen or in a sheet (contract.md section 3; policy.md 11.6).

One rule for masks and for what follows from the number: whoever may see ``500198********1234`` may see the area code,
the sex and the **year** of birth beside it, and nothing finer. First six digits, last four and a day of birth are the
whole number; with the year alone some thirty numbers remain that the check digit allows. It holds with and without the
right to unmask: a full number, and with it the day of birth, is an answer of its own, with a reason, and logged.
Where a person has no number, the day is shown.
"""

import re
from datetime import date

_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\s-]?[Xx]?")


def mask_id(text: str) -> str:
    """``500198********1234``: area code and last four, whatever stands after the 18th character included."""
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}" if len(text) > 10 else "*" * len(text)


def birth_shown(born: date | None, *numbers: str) -> str | None:
    """``1956`` beside a masked number, ``1956-03-14`` for a person without one, None where it is not recorded.

    ``numbers`` are those of the papers that the same answer, or another one, shows masked.
    """
    if born is None:
        return None
    return f"{born.year}" if any(numbers) else born.isoformat()


def age_shown(born: date, day: date) -> int:
    """The age reached in the year of ``day``, in years: it turns on 1 January, so that looking again tells no birthday.
    What judges asks :func:`povreg.kit.idnumber.age_on`."""
    return max(day.year - born.year, 0)


def mask_phone(text: str) -> str:
    """``138****1234``."""
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) > 7 else "*" * len(text)


def mask_bank(text: str) -> str:
    """First six and last four digits."""
    return mask_id(text)


def mask_name(text: str) -> str:
    """``王*海``, ``陈*``: the middle, or the last character of two, as on the public web page."""
    if len(text) < 2:
        return text
    return f"{text[0]}*" if len(text) == 2 else f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_numbers(text: str) -> str:
    """Free text for the public: any run of seven digits or more (phone, identity or card number) becomes ``***``."""
    return _LONG_NUMBER.sub("***", text)
