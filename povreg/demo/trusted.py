"""Trust in the demonstration: a team that asks to be let in for some hours, what households agreed to, who looked, who
was not let in."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from assistance.models import Pairing
from households.looks.services import as_whom
from households.models import Consent, Look
from povreg.demo.county import shared_password
from povreg.kit.bulk import insert_rows
from povreg.kit.scopes import within
from villages.access.services import ask_access
from villages.models import Place, SignInAttempt, User
from villages.people.attempts import hash_of

LET_IN, REFUSED = SignInAttempt.Outcome.LET_IN, SignInAttempt.Outcome.REFUSED

TEAM, TEAM_NAME = "duchazu", "罗毅"
AGREED_ON = date(2026, 3, 12)
SEEN_BY = (("zhen", 2), ("xian", 9), ("shenji", 26))
"""Who looked, how many days ago."""
OFFICE, STRANGE = "10.25.4.18", "203.0.113.9"
TRIED: tuple[tuple[str, int, str, str], ...] = (
    *((name, hours, OFFICE, LET_IN) for hours in (21, 45) for name in ("cun", "zhen", "xian", "shenji", "guanli")),
    *(("cun", hours, OFFICE, REFUSED) for hours in (22, 22, 46)),
    *(("admin", hours, STRANGE, REFUSED) for hours in (29, 29, 29, 30)),
)
"""Names at the sign-in, how many hours ago, from where, and how it ended; nobody is called admin."""


def trust(county: str) -> None:
    """The team's account holds no posting: it waits for the security administrator."""
    if User.objects.filter(username=TEAM).exists():
        return
    team = User(username=TEAM, name=TEAM_NAME, place_id=county, must_change_password=False)
    team.password, team.password_changed_at = shared_password(), timezone.now()
    team.save()
    _tried()
    people = {each.username: each for each in User.objects.filter(username__in=("cun", "zhen", "xian", "shenji"))}
    if len(people) == 4:
        ask_access(
            by=people["xian"], account=team, place=Place.objects.get(pk=county), hours=24, document="渝督〔2026〕12号",
            reason="市级督查组抽查资金到户情况",
        )  # fmt: skip
        _agreed_and_seen(county, people)


def _agreed_and_seen(county: str, people: dict[str, User]) -> None:
    """Of the helper's households."""
    pairs = Pairing.objects.filter(within("village_id", county), helper__username="bangfu")
    homes = dict(pairs.order_by("household_id").values_list("household_id", "village_id"))
    Consent.objects.bulk_create(
        Consent(household_id=home, purpose="society", given_on=AGREED_ON, paper="信息提供同意书", signers=2,
                noted_by=people["cun"])
        for home in list(homes)[:3]
    )  # fmt: skip
    today = timezone.localdate()
    Look.objects.bulk_create(
        Look(household_id=home, by=people[name], role=role, office=office, way=Look.Way.PAGE,
             day=today - timedelta(days=ago))
        for home, village in homes.items()
        for name, ago in SEEN_BY
        for role, office in [as_whom(people[name], village)]
    )  # fmt: skip


def _tried() -> None:
    known, now = dict(User.objects.values_list("username", "pk")), timezone.now()
    insert_rows(
        SignInAttempt,
        ("at", "address", "user", "tried_hash", "outcome", "request"),
        ((now - timedelta(hours=ago), address, known.get(name), hash_of(name), outcome, uuid4().hex)
         for name, ago, address, outcome in TRIED),
    )  # fmt: skip
