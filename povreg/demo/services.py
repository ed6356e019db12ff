"""Loading the demonstration county: invented households in real villages, records since 2018, accounts.

Registered households were poor once and left poverty by 2020; some are monitored since. Ordinary ones live beside
them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from random import Random
from typing import Any

from django.db import connection

from assistance.situation.tallies import recount_county
from households.closing.services import close_year
from households.eligibility.assess import recompute
from households.models import AnnualRecord, Assessment, Household, Member, MemberYear, Presence, Spell, Tally
from households.models.standing import POVERTY
from households.standing import stated
from households.standing.opening import close_opening
from povreg.demo.audited import audit_county, enter_records
from povreg.demo.cards import hand_out_cards
from povreg.demo.county import (
    mark_poor,
    open_accounts,
    pair_helper,
    showcase,
    spread,
    station_cadres,
    villages_of,
)
from povreg.demo.doubtful import plant_village, show_audits
from povreg.demo.episodes import EDGE_OR_SUDDEN, UNSTABLE_OR_SUDDEN, Episode, make_episode
from povreg.demo.facts import (
    LAST_OF_POVERTY,
    LINES,
    YEARS,
    YearFacts,
    education,
    household_years,
    labour,
    make_family,
    school_status,
)
from povreg.demo.given import give_help
from povreg.demo.helping import leave_behind
from povreg.demo.leads import hear
from povreg.demo.lines import work_in_2026
from povreg.demo.money import spend
from povreg.demo.people import (
    FEMALE,
    SURNAMES,
    Family,
    Identities,
    Person,
)
from povreg.demo.procedures import leave_poverty
from povreg.demo.society import take_along
from povreg.demo.trusted import trust
from povreg.kit.bulk import insert_rows, refresh_statistics
from povreg.kit.crypto import lookup_hash
from povreg.kit.history import act
from povreg.kit.pinyin import name_spelled
from povreg.kit.scopes import COUNTY, within
from villages.models import Place, User

FIRST_NUMBER = 900_001
BATCH = 2000
DATA_DATE = date(YEARS[-1], 9, 30)
ROSTER = "演示名册"
REPORTED = "演示数据：历年数据已上报，缺项不再补齐"
FIRST_ORDINARY = 950_001
SHARE_ORDINARY = 0.4  # of as many registered households
SHARE_EDGE = 0.03  # of registered households: monitored, and never poor
BORN = "06"  # member_change
NOTHING_KNOWN: dict[str, Any] = {"work_place": "", "work_months": None}
HOUSEHOLD_FIELDS = (
    *("id", "household_no", "village", "group_name", "address", "phone", "phone_hash", "poverty_standard"),
    *("household_attr", "main_cause"),
    *("is_martyr_family", "is_only_child_family", "is_two_daughter_family", "collector", "data_date"),
    *("bank_name", "bank_account", "bank_hash"),
)
MEMBER_FIELDS = (
    *("id", "household", "village", "person_no", "name", "name_initials", "name_pinyin", "id_type", "id_no"),
    *("id_hash", "id_area"),
    *("id_valid", "sex", "birth_date", "relation", "ethnicity", "political", "education", "school_status", "health"),
    *("labour", "work_place", "work_months", "active_military", "ins_major", "identified_on"),
    *("disability_cert", "joined_on", "joined_reason"),
)
RECORD_KEYS = ("household", "village", "year")
YEAR_KEYS = ("member", "household", "village", "year")


class DemoError(Exception):
    """The demonstration cannot be loaded here; the text says why and what to do."""


@dataclass(slots=True)
class Made:
    """One invented household with the keys it will have."""

    pk: int
    number: str
    village: str
    family: Family
    member_pks: list[int]
    identified: date | None
    group: int
    phone: str
    account: str
    years: dict[int, YearFacts] = field(default_factory=dict)
    episode: Episode | None = None

    @property
    def is_poor(self) -> bool:
        """Whether it was registered as poor."""
        return self.identified is not None


def load_demo(
    *, county: str, households: int, seed: int, ordinary: int | None = None, opening: bool = False
) -> dict[str, int]:
    """Fill an empty county with registered ``households``, and ``ordinary`` ones beside them (else SHARE_ORDINARY as
    many). Same county, sizes and seed give the same data. With ``opening`` the county stays in 建库期, its years open,
    so that rosters may be tried. Raises :class:`DemoError`.

    Returns the numbers of households, people and verdicts.
    """
    beside = round(households * SHARE_ORDINARY) if ordinary is None else ordinary
    villages = villages_of(county)
    if not villages:
        raise DemoError(f"place {county} has no villages: run load_places first, or check the code")
    if holds_households(county):
        raise DemoError(f"county {county} already holds households: the demonstration is loaded into an empty county")
    rng = Random(f"{county}/{seed}/{YEARS[-1]}")  # noqa: S311 - the same data from the same seed
    with act(by=None, verb="load_demo", reason="演示数据"):
        poor = mark_poor(rng, villages)
        if not User.objects.filter(username="xian").exists():
            open_accounts(county)
            station_cadres(rng, villages, poor, lambda source: source.choice(SURNAMES) + source.choice(FEMALE))
        work_in_2026(county)
        counts = spread(rng, villages, poor, households, county)
        made = make_households(rng, counts, spread(rng, villages, poor, beside, county) if beside else {})
        people = sum(write(batch) for batch in batches(made, BATCH))
        pair_helper(county)
        plant_village(rng, county)
        refresh_statistics(Household, Member, Presence, Spell, AnnualRecord, MemberYear)
        judged = [recompute(county, year) for year in YEARS]
        end_the_campaign(county)
        refresh_statistics(Assessment, Tally)
        spend(county, villages, poor, f"{county}/{seed}")
        leave_behind(county, f"{county}/{seed}")
        take_along(county, villages, poor, f"{county}/{seed}")
        hand_out_cards(county)
        trust(county)
        if not opening:
            close(county)
            show_audits(county)
            audit_county(county)
        give_help(rng, county, households)
        hear(county)
        recount_county(county)
    enter_records(county)
    return {
        "households": households,
        "ordinary": beside,
        "people": people,
        "judged": sum(outcome.assessed for outcome in judged),
    }


def end_the_campaign(county: str) -> None:
    """The showcase village leaves poverty in 2020 by a list; whom that does not take, the roster says to have left."""
    village = showcase(county)
    leave_poverty(county, village)
    staying = Household.objects.filter(village_id=village, exit_status="0")
    said = {row.pk: row.identified_on for row in staying}
    Spell.objects.filter(household__in=said, axis=POVERTY).delete()
    left = {"exit_status": "1", "exit_year": LAST_OF_POVERTY}
    stated.state(((pk, left | {"identified_on": day}) for pk, day in said.items()), ROSTER, DATA_DATE)
    recompute(village, LAST_OF_POVERTY)


def close(county: str) -> None:
    """建库期 and the years behind us are over: nothing but lists, departments and orders writes standing."""
    close_opening(by=None, county=county)
    for year in YEARS[:-1]:
        close_year(by=None, county=Place.objects.get(pk=county), year=year, reason=REPORTED)


def holds_households(county: str) -> bool:
    return Household.objects.filter(within("village_id", county)).exists()


def batches(items: Iterable[Made], size: int) -> Iterator[list[Made]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def make_households(rng: Random, counts: dict[str, int], beside: dict[str, int]) -> Iterator[Made]:
    """Households village by village, with keys reserved from the sequences in blocks: registered ones by ``counts``,
    then ordinary ones by ``beside``."""
    ids = Identities(rng)
    keys = reserve(Household), reserve(Member)
    for village, count in counts.items():
        for position in range(count):
            yield _registered(rng, _made(rng, ids, keys, village, FIRST_NUMBER + position))
    for village, count in beside.items():
        for position in range(count):
            yield _made(rng, ids, keys, village, FIRST_ORDINARY + position)


def _made(rng: Random, ids: Identities, keys: tuple[Iterator[int], Iterator[int]], village: str, number: int) -> Made:
    family = make_family(rng, ids, YEARS[-1])
    return Made(
        pk=next(keys[0]),
        number=f"{village}{number}",
        village=village,
        family=family,
        member_pks=[next(keys[1]) for _ in family.people],
        identified=None,
        group=rng.randrange(1, 9),
        phone=f"1{rng.choice('35789')}{rng.randrange(10**8, 10**9)}",
        account=f"621700{rng.randrange(10**12, 10**13)}" if rng.random() > 0.02 else "",
    )


def _registered(rng: Random, made: Made) -> Made:
    """Give the household its past: poor once or ordinary, its records, perhaps an episode of monitoring."""
    made.years = dict(household_years(rng, made.family))
    if rng.random() < SHARE_EDGE:
        made.episode = make_episode(rng, made.family.cause, EDGE_OR_SUDDEN, certain=True)
    else:
        made.identified = _identified(rng)
        made.episode = make_episode(rng, made.family.cause, UNSTABLE_OR_SUDDEN)
    if rng.random() < 0.012:
        del made.years[YEARS[-1]]
    return made


def reserve(model: Any) -> Iterator[int]:
    """Primary keys from the model's sequence, taken by the thousand."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, 1000)", [model._meta.db_table]
            )
            yield from [row[0] for row in cursor.fetchall()]


def _identified(rng: Random) -> date:
    return date(rng.choice((2014, 2014, 2014, 2015, 2016, 2017)), rng.randrange(1, 13), 1)


def write(batch: list[Made]) -> int:
    """Write a batch of households with everything they have; returns the number of people."""
    insert_rows(Household, HOUSEHOLD_FIELDS, map(household_row, batch))
    registered = [made for made in batch if made.is_poor or made.episode]
    stated.state(((made.pk, standing_of(made)) for made in registered), ROSTER, DATA_DATE)
    people = insert_rows(Member, MEMBER_FIELDS, (row for made in batch for row in member_rows(made)))
    recorded = [made for made in batch if made.years]
    if recorded:
        names = tuple(recorded[0].years[YEARS[0]].record)
        insert_rows(
            AnnualRecord, (*RECORD_KEYS, *names), (row for made in recorded for row in record_rows(made, names))
        )
        columns = tuple(recorded[0].years[YEARS[0]].members[0])
        insert_rows(MemberYear, (*YEAR_KEYS, *columns), (row for made in recorded for row in year_rows(made)))
    return people


def household_row(made: Made) -> tuple[Any, ...]:
    return (
        *(made.pk, made.number, made.village, f"{made.group}组", f"{made.group}组{made.pk % 90 + 1}号", made.phone),
        *(lookup_hash(made.phone), "1", made.family.attr, made.family.cause),
        *(False, False, False, "驻村工作队", DATA_DATE),
        *("农村商业银行", made.account, lookup_hash(made.account)),
    )


def standing_of(made: Made) -> dict[str, Any]:
    """What the invented roster says of the household's standing."""
    said: dict[str, Any] = {"household_type": "02"}
    if made.is_poor:
        left = _exit_year(made)
        by_list = left == LAST_OF_POVERTY and made.village == showcase(made.village[:COUNTY])
        said = {"exit_status": "0"} if by_list else {"exit_status": "1", "exit_year": left}
        said |= {"identified_on": made.identified}
    return said | (made.episode.said() if made.episode else {})


def _exit_year(made: Made) -> int:
    """The year the household left poverty: the first of its records above the line after that of identification, at
    the latest the last year of the campaign."""
    for year, facts in sorted(made.years.items()):
        amounts = [value for name, value in facts.record.items() if name.endswith("_income") or name.startswith("tr_")]
        net = sum(filter(None, amounts)) - (facts.record["business_expense"] or 0)
        if made.identified and net / len(facts.members) > LINES[year] and made.identified.year < year < LAST_OF_POVERTY:
            return year
    return LAST_OF_POVERTY


def member_rows(made: Made) -> Iterator[tuple[Any, ...]]:
    for position, (pk, person) in enumerate(zip(made.member_pks, made.family.people, strict=True), 1):
        yield (
            *(pk, made.pk, made.village, f"{made.number}{position:02d}", person.name, *name_spelled(person.name), "1"),
            *(person.id_no, lookup_hash(person.id_no), person.id_no[:6], True, person.sex, person.birth_date),
            *(person.relation, "01" if pk % 40 else "15", "13", *_now(made, position - 1, person), False, True),
            made.identified if made.identified and made.identified > person.birth_date else None,
            f"{person.id_no}43" if person.health == "04" else "",
            *((person.birth_date, BORN) if _came(person) else (None, "")),
        )


def _came(person: Person) -> bool:
    """Whether the person was born into the household after records began."""
    return person.birth_date.year >= YEARS[0]


def _now(made: Made, position: int, person: Person) -> tuple[Any, ...]:
    """Education, school, health, labour, work: the latest year's facts are the current ones."""
    latest = made.years[max(made.years)].members[position] if made.years else NOTHING_KNOWN
    status = school_status(person, YEARS[-1])
    done = education(person, YEARS[-1])
    return (done, status, person.health, labour(person, YEARS[-1]), latest["work_place"], latest["work_months"])


def record_rows(made: Made, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    for year, facts in made.years.items():
        yield (made.pk, made.village, year, *(facts.record[name] for name in names))


def year_rows(made: Made) -> Iterator[tuple[Any, ...]]:
    for year, facts in made.years.items():
        for pk, person, values in zip(made.member_pks, made.family.people, facts.members, strict=True):
            if person.birth_date.year > year:
                continue
            yield (pk, made.pk, made.village, year, *values.values())
