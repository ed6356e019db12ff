"""Verbs on accounts: open, reset, lock, close (policy.md 11.7, 11.10, 11.11).

The accounts administrator opens accounts and looks after them; what an account may do is granted by the security
administrator (postings.py). Nobody does either to himself. ``by=None`` is whoever operates the server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from povreg.kit.history import act
from povreg.kit.scopes import covers
from villages.models import Place, Posting, Unit, User
from villages.people.passwords import initial_password
from villages.people.selectors import villages_without_cadre
from villages.people.tries import Tries
from villages.rights import Right, Role
from villages.rights.checks import check_right

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
INITIAL_ROUNDS = 60_000  # initial passwords are random; thirty villages are opened in one request
WATCHED = (Role.SECURITY_ADMIN, Role.LOG_OFFICER, Role.AUDITOR)


def open_account(
    *, by: User | None, username: str, name: str, place: Place, unit: Unit | None = None
) -> tuple[User, str]:
    """A new account of a place, with the initial password, which nobody can read again.

    Raises PermissionDenied outside one's places, ValidationError for a name that is taken or malformed.
    """
    check_right(by, Right.ACCOUNT_MANAGE, place.code)
    username = checked_username(username)
    password = initial_password()
    with act(by=by, verb="open_account"):
        account = User(username=username, name=name.strip(), place=place, unit=unit, password=sealed(password))
        account.full_clean(exclude=["password"])
        account.save()
    return account, password


def open_village_accounts(*, by: User, township: Place) -> list[tuple[User, str]]:
    """One account for each village of a township that has none, named after the village's code."""
    check_right(by, Right.ACCOUNT_MANAGE, township.code)
    with act(by=by, verb="open_village_accounts"):
        Place.objects.select_for_update().get(pk=township.pk)
        villages = list(villages_without_cadre(township.code))
        taken = set(User.objects.filter(username__startswith=f"c{township.code}").values_list("username", flat=True))
        made = [(new_village_account(village, taken), initial_password()) for village in villages]
        for account, password in made:
            account.password = sealed(password)
        User.objects.bulk_create([account for account, _ in made])
    return made


def new_village_account(village: Place, taken: set[str]) -> User:
    """An unsaved account ``c<village code>``, with a running number when an earlier one was closed."""
    names = [f"c{village.code}", *(f"c{village.code}-{number}" for number in range(2, 100))]
    username = next(name for name in names if name not in taken)
    return User(username=username, name=f"{village}干部", place=village)


def edit_account(*, by: User, account: User, name: str, place: Place, unit: Unit | None) -> User:
    """Correct the name, the unit or the place that looks after the account."""
    with act(by=by, verb="edit_account"):
        account = managed(by, account)
        check_right(by, Right.ACCOUNT_MANAGE, place.code)
        account.name, account.place, account.unit = name.strip(), place, unit
        account.save(update_fields=["name", "place", "unit"])
    return account


def reset_password(*, by: User | None, account: User) -> str:
    """A new initial password; open sessions end. Accounts of security administrators and auditors are reset by a
    security administrator, so that who opens accounts cannot step into theirs (policy.md 11.10)."""
    password = initial_password()
    with act(by=by, verb="reset_password"):
        account = managed(by, account, resetting=True)
        account.password, account.must_change_password = sealed(password), True
        account.password_changed_at, account.locked_until = None, None
        account.save()
    Tries(account.username, "").forgive()
    return password


def lock(*, by: User, account: User, until: datetime, reason: str) -> User:
    """Keep somebody out for a time; open sessions end at their next request."""
    if until <= timezone.now():
        raise ValidationError({"until": "锁定的截止日期须晚于今天。"})
    with act(by=by, verb="lock_account", reason=reason):
        account = managed(by, account)
        account.locked_until = until
        account.save(update_fields=["locked_until"])
    return account


def unlock(*, by: User, account: User) -> User:
    """Let somebody in again who was locked out, by an administrator or by wrong passwords."""
    with act(by=by, verb="unlock_account"):
        account = managed(by, account)
        account.locked_until = None
        account.save(update_fields=["locked_until"])
    Tries(account.username, "").forgive()
    return account


def close(*, by: User | None, account: User, reason: str) -> User:
    """Close an account for good or until reopened. It stays: history names it."""
    with act(by=by, verb="close_account", reason=reason):
        account = managed(by, account)
        account.is_active = False
        account.save(update_fields=["is_active"])
    return account


def reopen(*, by: User | None, account: User) -> User:
    """Open a closed account again, with the postings that still hold."""
    with act(by=by, verb="reopen_account"):
        account = managed(by, account)
        account.is_active = True
        account.save(update_fields=["is_active"])
    return account


def managed(by: User | None, account: User, *, resetting: bool = False) -> User:
    """The account, locked for a change.

    Raises PermissionDenied unless its place and every posting that holds now or later lie where ``by`` looks after
    accounts; ValidationError for one's own account, and for who must be asked instead.
    """
    account = User.objects.select_for_update(of=["self"]).get(pk=account.pk)
    if by is None:
        return account
    if by.pk == account.pk:
        raise ValidationError("不能在这里处理自己的账号。修改密码请点右上角“修改密码”，其他事项请找另一位管理员。")
    codes = postings_to_come(account).values_list("place_id", flat=True)
    right = right_to_reset(account) if resetting else Right.ACCOUNT_MANAGE
    if not inside(by.places_with(right), [account.place_id or "", *codes]):
        if right == Right.POSTING_GRANT and by.can(Right.ACCOUNT_MANAGE):
            raise ValidationError("安全管理员和审计人员的密码由安全管理员重置，请联系安全管理员。")
        raise PermissionDenied
    return account


def postings_to_come(account: User) -> QuerySet[Posting]:
    """The postings that hold now or later."""
    return Posting.objects.filter(user=account).exclude(ends_on__lt=timezone.localdate())


def right_to_reset(account: User) -> Right:
    """What it takes to reset the account's password."""
    watched = postings_to_come(account).filter(role__in=WATCHED).exists()
    return Right.POSTING_GRANT if watched else Right.ACCOUNT_MANAGE


def inside(places: Sequence[str], codes: Sequence[str]) -> bool:
    """Whether every code lies in one of the places."""
    return all(any(covers(place, code) for place in places) for code in codes)


def checked_username(text: str) -> str:
    """The username in its stored form. Raises ValidationError that says how it must look."""
    username = text.strip().lower()
    if not USERNAME.fullmatch(username):
        raise ValidationError({"username": "用户名须以字母开头，由 3 至 40 个小写字母、数字、点、横线组成，请修改。"})
    if User.objects.filter(username=username).exists():
        raise ValidationError({"username": f"用户名“{username}”已经有人使用，请换一个。"})
    return username


def sealed(password: str) -> str:
    """The stored form of an initial password, which is random and has to be changed at the first login."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(password, hasher.salt(), INITIAL_ROUNDS)
