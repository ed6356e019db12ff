"""The demonstration county: same seed, same data; shares as published; people who fit together."""

from datetime import date
from random import Random
from unittest.mock import patch

import openpyxl
import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from assistance.measures.selectors import summary
from assistance.models import CorrectionRequest, HouseholdCard, Measure, Plan, Visit
from assistance.running.loans.lists import owed as owed_by
from assistance.situation import tallies
from assistance.visits import selectors
from households.models import Household, Lead, Look, Member, MemberYear, OpeningStock, Spell
from povreg.demo import services
from povreg.demo.county import ACCOUNTS, shared_password, showcase
from povreg.demo.doomed import tables
from povreg.demo.facts import YEARS, household_years, make_family
from povreg.demo.given import of_people, parts_of
from povreg.demo.people import HEAD, Identities
from povreg.demo.removing import KIND, remove_demo
from povreg.demo.trusted import TEAM
from povreg.jobs.models import Job
from povreg.kit.history import act
from povreg.kit.idnumber import IdNumber, parse
from povreg.kit.workbench import Rank
from tests import factories
from tests.owner import owner
from villages.models import Place, Posting, SignInAttempt, Unit, User, VillageProfile
from villages.rights import Role

TODAY = date(2027, 1, 1)
LATE, SOON = Rank.OVERDUE, Rank.SOON
PRESSING = {
    **dict.fromkeys(("cun", "zhen", "xian", "lingdao", "bangfu", "shenji", "ducha"), LATE),
    **dict.fromkeys(("bumen", "anquan", "rizhi"), SOON),
}
"""Who has a day at all: what is overdue or due now; all others have work without one."""


def families(seed, count):
    rng = Random(seed)
    ids = Identities(rng)
    return [make_family(rng, ids, YEARS[-1]) for _ in range(count)]


def test_the_same_seed_gives_the_same_people():
    assert families(1, 20) == families(1, 20)
    assert families(1, 20) != families(2, 20)


def test_every_family_has_one_head_and_valid_invented_numbers():
    for family in families(3, 300):
        assert [person.relation for person in family.people].count(HEAD) == 1
        for person in family.people:
            number = parse(person.id_no, TODAY)
            assert isinstance(number, IdNumber)
            assert (number.area, number.birth_date, number.sex) == ("500198", person.birth_date, person.sex)


def test_causes_follow_the_published_shares():
    made = families(4, 6000)
    for cause, share in (("01", 36.39), ("03", 24.68)):
        found = sum(family.cause == cause for family in made) / len(made) * 100
        assert abs(found - share) < 2


def test_a_household_poor_through_illness_has_a_patient():
    for family in families(5, 400):
        if family.cause == "01":
            assert any(person.health in {"02", "03"} for person in family.people)


def test_records_of_every_year():
    rng = Random(6)
    family = make_family(rng, Identities(rng), YEARS[-1])
    assert [year for year, _ in household_years(rng, family)] == list(YEARS)


@pytest.fixture
def kaizhou(db, settings):
    settings.DEMO_PASSWORD = "Demo-2026-password"
    call_command("load_places", under="500154")


@pytest.mark.usefixtures("kaizhou")
def test_the_county_is_loaded_once_with_poor_villages_and_accounts_and_taken_out_again(shared_data, client):
    Unit.objects.create(name="县档案馆", kind=Unit.Kind.DEPARTMENT, level="4", place_id="500154")
    with owner():
        moved(Unit, -1)
        before = digests()
    call_command("load_demo", county="500154", households=600, seed=1)
    registered, ordinary = Household.objects.registered().count(), Household.objects.ordinary().count()
    assert registered >= 600 and registered + ordinary == 840
    assert not Household.objects.filter(exit_status="0").exists()
    assert Spell.objects.filter(axis="monitoring", until=None).exists()
    assert not Spell.objects.exclude(origin__in=("opening", "list")).exists()
    assert OpeningStock.objects.get().closed_on
    young = MemberYear.objects.filter(member__birth_date__year__gt=F("year"))
    assert not young.exists()
    assert VillageProfile.objects.filter(is_poor=True).count() == 135
    heads = Member.objects.filter(relation=HEAD).values("household").annotate(n=Count("pk"))
    assert {row["n"] for row in heads} == {1}
    assert {"cun", "zhen", "xian", "lingdao", "bumen", "bangfu", "shenji", "guanli"} <= set(
        User.objects.values_list("username", flat=True)
    )
    loans = Measure.objects.filter(item__kind="loan").aggregate(n=Count("pk"), sum=Sum("amount"))
    assert (loans["n"], loans["sum"]) == (57, round(978_200 * 600 / 33_000) * 100)
    carried = Measure.objects.filter(item__kind="dibao").values("household")
    people = Member.objects.present().filter(household__in=carried).count()
    assert (carried.count(), people) == (127, round(21_398 * 600 / 33_000))
    reported(loans["n"], loans["sum"], carried.count(), people)
    assert set(selectors.counts(User.objects.get(username="bangfu"))) == {"done", "due", "late", "monitored"}
    assert Visit.objects.count() >= 5 and Plan.objects.count() == 3
    assert set(CorrectionRequest.objects.values_list("outcome", flat=True)) == {"", "corrected", "refused"}
    assert HouseholdCard.objects.valid().count() >= 5
    assert set(Lead.objects.values_list("state", flat=True)) == set(Lead.State.values)
    with pytest.raises(CommandError, match="already holds households"):
        call_command("load_demo", county="500154", households=10, seed=1)
    homes = Household.objects.count()
    call_command("load_demo", county="500154", households=10, seed=1, if_empty=True)
    assert Household.objects.count() == homes > 0
    everybody_has_work(client)
    with owner():
        refused_where_real_work_hangs_on_it()
        taken_out(before)


def everybody_has_work(client):
    """The first page of each account that may be signed in to says what to do today; what it leads to opens."""
    for name, *_ in ACCOUNTS:
        client.force_login(User.objects.get(username=name))
        board = client.get("/").context["board"]
        with patch("villages.rights.ready.fits", lambda *_: False):
            assert client.get("/").context["board"] == board, f"{name}: asked anew"
        dues = board.dues
        waiting = [due for due in dues if due.rank <= PRESSING.get(name, Rank.WORK) and due.url]
        assert waiting, name
        for url in (waiting[0].url, *(link.url for link in waiting[0].links)):
            assert client.get(url).status_code == 200, (name, url)
    client.force_login(User.objects.get(username=TEAM))
    assert [due.tag for due in client.get("/").context["board"].dues] == ["等待批准"], "it may do nothing but wait"


def refused_where_real_work_hangs_on_it():
    """Each kind of it is counted."""
    cadre = User.objects.get(username="cun")
    with pytest.raises(services.DemoError) as refused, transaction.atomic():
        for come in REAL.values():
            come(cadre)
        remove_demo("500154")
    assert [said for said in REAL if said not in str(refused.value)] == []
    with pytest.raises(services.DemoError, match="nothing to take out"):
        remove_demo("500101")


def registered(cadre):
    factories.ordinary(showcase("500154"))
    moved(Household, 1)


def opened(cadre):
    """An account of somebody real, let in by one of the demonstration."""
    user = factories.posted(Role.TOWNSHIP_OFFICER, "500154201")
    moved(User, 1)
    moved(Posting, 1)
    Posting.objects.filter(user=user).update(granted_by=User.objects.get(username="guanli"))


def looked(cadre):
    """At a household elsewhere."""
    Look.objects.create(
        household=factories.ordinary(factories.OTHER_COUNTY + "201200"),
        by=cadre,
        role="x",
        way=Look.Way.PAGE,
        day=TODAY,
    )


def corrected(cadre):
    """By somebody real."""
    officer = factories.posted(Role.COUNTY_OFFICER, "500154")
    moved(User, 1)
    with act(by=officer, verb="load_test"):
        Household.objects.filter(pk=Household.objects.earliest("pk").pk).update(group_name="9组")


def exported(cadre):
    Job.objects.create(kind="export", title="导出", owner=cadre, place_code="500154", status=Job.Status.RUNNING)


REAL = {
    "households that it did not bring": registered,
    "postings of accounts that stay": opened,
    "rows of households that stay": looked,
    "changes by people who are not of the demonstration": corrected,
    "jobs under way": exported,
}


def moved(model, days):
    """What came last came at another moment than the demonstration, which a test within one transaction must say."""
    table = model.history.rel.related_model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        cursor.execute(
            f"UPDATE \"{table}\" SET pgh_created_at = now() + interval '1 day' * %s"
            f' WHERE pgh_obj_id = (SELECT max(pgh_obj_id) FROM "{table}")', [days],
        )  # fmt: skip
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def taken_out(before):
    """The register is as if it had never been there; the history knows, attempts to sign in stay."""
    SignInAttempt.objects.create(user=User.objects.get(username="cun"), tried_hash="x", outcome="ok")
    gone = remove_demo("500154")
    assert gone["villages_user"] >= 13 and gone["households_household"] == 840
    assert Job.objects.get(kind=KIND).changed == sum(gone.values())
    assert SignInAttempt.objects.get().user is None
    assert Household.history.rel.related_model.objects.filter(pgh_label="delete").count() == 840
    SignInAttempt.objects.all().delete()
    Job.objects.filter(kind=KIND).delete()
    assert digests() == before


def digests():
    """What each table of current rows holds, but for sessions, which end by themselves."""
    found = {}
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in (*tables(), Place)} - {Session._meta.db_table}:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t")
            found[table] = cursor.fetchone()
    return found


REPORTED = """
SELECT (SELECT count(*) FROM assistance_measure m JOIN assistance_catalogueitem c ON c.id = m.item_id
        WHERE c.kind = 'loan' AND m.settled_on IS NULL AND m.withdrawn_on IS NULL),
    (SELECT sum(m.amount) FROM assistance_measure m JOIN assistance_catalogueitem c ON c.id = m.item_id
        WHERE c.kind = 'loan' AND m.settled_on IS NULL AND m.withdrawn_on IS NULL),
    (SELECT count(DISTINCT m.household_id) FROM assistance_measure m JOIN assistance_catalogueitem c ON c.id = m.item_id
        WHERE c.kind = 'dibao' AND extract(year FROM m.delivered_on) = %(year)s),
    (SELECT count(*) FROM households_member p WHERE p.left_on IS NULL AND EXISTS (SELECT FROM assistance_measure m
        JOIN assistance_catalogueitem c ON c.id = m.item_id WHERE c.kind = 'dibao' AND m.household_id = p.household_id
        AND extract(year FROM m.delivered_on) = %(year)s)),
    (SELECT count(*) FROM assistance_measure m WHERE extract(year FROM m.delivered_on) = %(year)s),
    (SELECT sum(p.paid) FROM assistance_project p WHERE p.year = %(year)s AND p.state NOT IN ('returned', 'stopped'))
"""


def reported(*wanted):
    """What the pages of loans, of measures and the dashboard say is what plain SQL counts, and as published."""
    xian, year = User.objects.get(username="xian"), timezone.localdate().year
    [owed] = [each for each in owed_by(xian) if each.state == "open"]
    [dibao] = [row for row in summary(xian, year) if row["item__code"] == "410101"]
    whole = tallies.added(list(tallies.read("500154", year, 9)[0].values()))
    with connection.cursor() as cursor:
        cursor.execute(REPORTED, {"year": year})
        counted = cursor.fetchone()
    said = (owed.count, owed.amount, dibao["households"], dibao["people"])
    assert (*said, whole["measures"], whole["paid"]) == counted and said == wanted


def test_the_published_loans_and_the_people_carried_are_exact_at_full_size():
    loans = parts_of(978_200, 3_155)
    assert (len(loans), sum(loans)) == (3_155, 978_200)
    assert min(loans) > 0 and max(loans) <= 500  # hundreds of yuan: no loan above the limit
    rng = Random(9)
    sized = [(number, "", rng.choice((1, 2, 3, 3, 4, 4, 5, 6))) for number in range(33_000)]
    chosen = of_people(sized, 6_980, 21_398)
    assert (len({each[0] for each in chosen}), sum(each[2] for each in chosen)) == (6_980, 21_398)


@pytest.mark.parametrize(("given", "opens"), [("", False), ("Demo-2026-password", True)])
def test_no_account_opens_without_a_password(settings, given, opens):
    settings.DEMO_PASSWORD = given
    assert check_password(given, shared_password()) == opens


def test_a_place_without_villages_is_refused(db):
    Place.objects.create(code="99", name="空", level=Place.Level.PROVINCE)
    with pytest.raises(CommandError, match="load_places"):
        call_command("load_demo", county="990101", households=10, seed=1)


class EnoughError(Exception):
    """Everybody is invented; nothing need be stored."""


@pytest.mark.usefixtures("kaizhou")
def test_the_default_demonstration_and_the_sample_township_share_nobody(shared_data, monkeypatch):
    invented = set()

    def look(batch):
        invented.update(person.id_no for made in batch for person in made.family.people)
        return len(batch)

    def stop(county):
        raise EnoughError

    monkeypatch.setattr(services, "write", look)
    monkeypatch.setattr(services, "pair_helper", stop)
    with pytest.raises(EnoughError):
        services.load_demo(county="500154", households=3000, seed=1)
    sheet = openpyxl.load_workbook(shared_data / "rosters/guanmian-2020-roster-2022.xlsx", read_only=True).worksheets[0]
    numbers = {row[9] for row in sheet.iter_rows(min_row=2, values_only=True) if row[9]}
    assert len(invented) > 10_000 and len(numbers) > 1000
    assert not invented & numbers
