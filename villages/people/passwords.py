"""What a password must be, and initial ones that people can read off a slip of paper (policy.md 11.11)."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError

MIN_LENGTH = 8
RULE = "至少 8 位，大写字母、小写字母、数字和符号都要有"
UPPER, LOWER, DIGITS, SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "@#%*+=?"
INITIAL_LENGTH = 12


class FourClasses:
    """Password validator: at least eight characters out of all four classes."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError that names everything still lacking."""
        lacking = [name for name, held in classes_of(password).items() if not held]
        if len(password) < MIN_LENGTH:
            lacking.insert(0, f"长度（现在 {len(password)} 位）")
        if lacking:
            raise ValidationError(f"密码要{RULE}；还差：{'、'.join(lacking)}。", code="password_weak")

    def get_help_text(self) -> str:
        return f"{RULE}。"


def classes_of(password: str) -> dict[str, bool]:
    """Which of the four classes the password holds; what is no letter and no digit is a sign."""
    return {
        "大写字母": any(char.isupper() for char in password),
        "小写字母": any(char.islower() for char in password),
        "数字": any(char.isdigit() for char in password),
        "符号": any(not char.isalnum() for char in password),
    }


def initial_password() -> str:
    """A random password of all four classes, without characters that look alike (0 O, 1 l I, o)."""
    chars = [secrets.choice(group) for group in (UPPER, LOWER, DIGITS, SIGNS)]
    chars += [secrets.choice(UPPER + LOWER + DIGITS) for _ in range(INITIAL_LENGTH - len(chars))]
    secrets.SystemRandom().shuffle(chars)
    return "".join(chars)
