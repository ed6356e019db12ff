"""One million households: what is measured at county size, once more for a province (bench.province makes it)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench import province, recompute
from bench.measure import Figure, clocked, log
from bench.pages import YEAR, as_figure, searches, visits
from households.eligibility.assess import recompute as judge
from households.models import Household, Member
from povreg.overview.reports.declared import REPORTS
from villages.models import Posting, User
from villages.rights import Role

OFFICER = "sheng"  # an account over the whole province, opened for the measurement
FILTERS = {
    "no filter": "",
    "not met": "verdict=fail",
    "criterion not met": "failed=housing",
    "not recorded": "missing=water",
    "borderline": "borderline=1",
    "cause": "cause=01",
    "poor villages": "poor=yes",
    "entry incomplete": "gap=income",
    "income band": "figure=income_band.3500",
    "no toilet, income up to 4000": "figure=toilet.no&figure=income.2000",
    "three at once": "verdict=fail&cause=01&poor=yes",
}
OF_PEOPLE = {"somebody is ill": "figure=health.03", "a child out of school": "figure=schooling.out"}
PEOPLE = {
    "no filter": "",
    "ill": "figure=health.03",
    "labour": "figure=labour.01",
    "figures of both": "figure=age.60&figure=toilet.no",
}
VISITS = 15  # of each filter


@dataclass(frozen=True)
class Officer:
    """Who looks, and at which place."""

    username: str
    place: str
    title: str

    def client(self) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get(username=self.username))
        return client


COUNTY = Officer("xian", province.COUNTY, "county officer")
PROVINCE = Officer(OFFICER, province.PROVINCE, "province officer")


def figures(counties: int) -> list[Figure]:
    households = Household.objects.registered().count()
    county = recompute.timed_rounds(recompute.forget, lambda: judge(province.COUNTY, YEAR))
    log(f"  county alone: {county:.2f} s")
    seconds = clocked(lambda: province.make(counties))
    open_account()
    size = f"{Household.objects.registered().count():,} households"
    found = [
        Figure(f"data of {counties} counties, seconds to make", seconds, "s", detail=sizes()),
        *verdicts(county / households),
    ]
    log("  verdicts")
    with override_settings(ALLOWED_HOSTS=["*"]):
        for officer in (COUNTY, PROVINCE):
            found += lists(officer, size)
            log(f"  lists of the {officer.title}")
            found += searches(officer.client(), officer.place, f"{size}, {officer.title}")
            log(f"  searches of the {officer.title}")
        for part in (dashboards, people, reports):
            found += part()
            log(f"  {part.__name__}")
    return found


def open_account() -> None:
    user = User(username=OFFICER, name="省级人员", must_change_password=False, place_id=province.PROVINCE)
    user.set_unusable_password()
    user.save()
    Posting.objects.create(user=user, role=Role.COUNTY_OFFICER, place_id=province.PROVINCE)


def sizes() -> dict[str, int]:
    """Rows and bytes of what was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return {"households": Household.objects.count(), "people": Member.objects.count(), "bytes": size}


def verdicts(county_each: float) -> Iterable[Figure]:
    """Everything judged afresh; then one household after a save, in the full tables."""
    recompute.forget()
    count = Household.objects.registered().count()
    seconds = clocked(lambda: judge(province.PROVINCE, YEAR))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE households_assessment, households_tally")
    each = seconds / count
    detail = {"households": count, "seconds": seconds, "microseconds_each": each * 1e6}
    yield Figure(f"recompute {count:,} households", seconds, "s")
    yield Figure("time per household, province / county", each / county_each, "x", 1.5, detail=detail)
    yield recompute.after_a_save("one household after a save, province")


def lists(officer: Officer, size: str) -> list[Figure]:
    """The list with every filter, several pages of it; the figure is the 95th percentile over all of them. Filters that
    ask about people of the households stand apart."""
    return [
        as_figure(f"{name}, {size}, {officer.title}, p95", narrowed(officer.client(), filters), 100)
        for name, filters in (("list page with filters", FILTERS), ("list page, by facts of people", OF_PEOPLE))
    ]


def narrowed(client: Client, filters: dict[str, str]) -> dict[str, list[float]]:
    return {
        name: visits(client, [f"/households/?year={YEAR}&page={page % 5 + 1}&{query}" for page in range(VISITS)])
        for name, query in filters.items()
    }


def dashboards() -> list[Figure]:
    client = PROVINCE.client()
    took = {
        code: visits(client, [f"/dashboard/{code}/?year={YEAR}"] * VISITS)
        for code in (province.PROVINCE, province.PROVINCE + "01", province.COUNTY, province.COUNTY + "201")
    }
    return [as_figure("dashboards of province, prefecture, county, township, p95", took, 50)]


def people() -> list[Figure]:
    """The list of people, narrowed."""
    took = {
        f"{officer.title}, {name}": visits(officer.client(), [f"/people/?year={YEAR}&{query}"] * VISITS)
        for officer in (COUNTY, PROVINCE)
        for name, query in PEOPLE.items()
    }
    return [as_figure("list of people with filters, p95", took, 100)]


def reports() -> list[Figure]:
    """Reports count rows when they are asked for; there is no bar, but one may know what they take."""
    found = []
    for officer, asked in ((COUNTY, REPORTS), (PROVINCE, REPORTS[::3])):
        address = f"/reports/{{}}/?place={officer.place}&year={YEAR}"
        took = {each.code: visits(officer.client(), [address.format(each.code)], warm=False)[0] for each in asked}
        name = f"reports of the {officer.title}, the slowest of {len(took)}"
        found.append(
            Figure(name, max(took.values()), "ms", detail=dict(sorted(took.items(), key=lambda each: -each[1])))
        )
    return found
