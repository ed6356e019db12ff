"""The demonstration county: which villages are poor, how many households each has, who works there."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assistance.models import Pairing
from households.models import Household
from villages.models import Cadre, Place, Posting, Unit, User, VillageProfile
from villages.rights import ENDING, Role

POOR_VILLAGES = 135
POOR_IN_MOUNTAINS = 46
SHARE_IN_POOR = 44_500 / 119_200
SHOWCASE_TOWNSHIP = 201
SHOWCASE_HOUSEHOLDS = 24
FIRST_DAY = date(2016, 3, 1)
OUTSIDERS_STAY = timedelta(days=365)

ACCOUNTS = (
    ("cun", "李建国", Role.VILLAGE_CADRE, "201200"),
    ("zhen", "张敏", Role.TOWNSHIP_OFFICER, "201"),
    ("xian", "周文静", Role.COUNTY_OFFICER, ""),
    ("lingdao", "陈立", Role.COUNTY_LEADER, ""),
    ("bumen", "唐晓兰", Role.DEPARTMENT_OFFICER, ""),
    ("bangfu", "郑海", Role.HELPER, "201"),
    ("shenji", "何正", Role.AUDITOR, ""),
    ("guanli", "许平", Role.ACCOUNTS_ADMIN, ""),
    ("anquan", "丁安", Role.SECURITY_ADMIN, ""),
    ("ducha", "石明", Role.INSPECTOR, ""),
    ("zhiyuan", "林小雨", Role.VOLUNTEER, "201200"),
    ("rizhi", "方明", Role.LOG_OFFICER, ""),
)
DEPARTMENTS: tuple[str, ...] = (
    "扶贫开发办公室",
    "教育委员会",
    "卫生健康委员会",
    "住房和城乡建设委员会",
    "水利局",
    "医疗保障局",
    "民政局",
)
DEPARTMENTS += ("残疾人联合会", "人力资源和社会保障局", "农业农村委员会", "交通局", "财政局", "审计局")


def villages_of(county: str) -> list[Place]:
    return list(Place.objects.under(county).current().filter(level=Place.Level.VILLAGE).order_by("code"))


def mark_poor(rng: Random, villages: Sequence[Place]) -> set[str]:
    """Choose the poor villages among the village committees, and the clusters township by township."""
    rural = [village.code for village in villages if village.code[-3:] >= "200"]
    poor = set(rng.sample(rural, min(POOR_VILLAGES, len(rural))))
    clustered = set(sorted(poor)[-POOR_IN_MOUNTAINS:])
    VillageProfile.objects.bulk_create(
        VillageProfile(
            village=village,
            is_poor=village.code in poor,
            in_mountain_cluster=village.code in clustered,
            village_attr="01" if village.code in poor else "02",
            households=(households := rng.randrange(380, 1100)),
            population=round(households * rng.uniform(2.9, 3.4)),
            collective_income=rng.randrange(20_000, 180_000),
        )
        for village in villages
    )
    return poor


def showcase(county: str) -> str:
    """The village of the demonstration's cadre."""
    return f"{county}{SHOWCASE_TOWNSHIP}200"


def spread(rng: Random, villages: Sequence[Place], poor: set[str], households: int, county: str) -> dict[str, int]:
    """Households per village: the poor villages together get their published share, one village is well filled."""
    weights = {village.code: rng.uniform(0.5, 1.5) for village in villages}
    for group, share in ((poor, SHARE_IN_POOR), (weights.keys() - poor, 1 - SHARE_IN_POOR)):
        total = sum(weights[code] for code in group)
        weights |= {code: weights[code] / total * share for code in group}
    codes = list(weights)
    counts = dict.fromkeys(codes, 0)
    first = showcase(county)
    if first in counts:
        counts[first] = min(SHOWCASE_HOUSEHOLDS, households)
    for code in rng.choices(codes, [weights[code] for code in codes], k=households - sum(counts.values())):
        counts[code] += 1
    return counts


def open_accounts(county: str) -> None:
    """The accounts of the demonstration, all with the password that ``make run`` prints, and the county's offices."""
    county_place = Place.objects.get(code=county)
    units = {
        name: Unit.objects.create(
            name=f"{county_place.short_name}{name}", kind=Unit.Kind.DEPARTMENT, level="4", place=county_place
        )
        for name in DEPARTMENTS
    }
    password = shared_password()
    for username, name, role, below in ACCOUNTS:
        unit = units["教育委员会"] if role == Role.DEPARTMENT_OFFICER else None
        user = User(username=username, name=name, unit=unit, password=password, must_change_password=False)
        user.place_id, user.password_changed_at = f"{county}{below}", timezone.now()
        user.save()
        last = timezone.localdate() + OUTSIDERS_STAY if role in ENDING else None
        Posting.objects.create(user=user, role=role, place_id=user.place_id, starts_on=FIRST_DAY, ends_on=last)


def shared_password() -> str:
    """The hash of the password of all; where none is given (DEMO=0) nobody can sign in, not with an empty one."""
    return make_password(settings.DEMO_PASSWORD or None)


def station_cadres(rng: Random, villages: Sequence[Place], poor: set[str], name_of: object) -> None:
    """A first secretary and two team members in every poor village."""
    units = list(Unit.objects.all())
    Cadre.objects.bulk_create(
        Cadre(
            name=name_of(rng),  # type: ignore[operator]
            sex=rng.choice("12"),
            unit=rng.choice(units),
            place=village,
            post="第一书记" if position == 0 else "驻村工作队员",
            political="01",
            education="05",
            is_first_secretary=position == 0,
            is_team_leader=position == 0,
            is_team_member=True,
            stationed_from=FIRST_DAY,
        )
        for village in villages
        if village.code in poor
        for position in range(3)
    )


def pair_helper(county: str) -> None:
    """The helper account is responsible for five households of the showcase village (policy.md 8.4)."""
    helper = User.objects.get(username="bangfu")
    village = f"{county}{SHOWCASE_TOWNSHIP}200"
    for household in Household.objects.filter(village_id=village).order_by("household_no")[:5]:
        Pairing.objects.create(household=household, village_id=village, helper=helper, starts_on=FIRST_DAY)
