"""What may be shown of a number on a screen or in a sheet (contract.md section 3; policy.md 11.6)."""

import re

_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\s-]?[Xx]?")


def mask_id(text: str) -> str:
    """``500198********1234``: area code and last four, whatever stands after the 18th character included."""
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}" if len(text) > 10 else "*" * len(text)


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
