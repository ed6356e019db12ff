"""Which procedures are on offer follows from the year of a list, and from what the county switched on."""

from datetime import date

import pytest

from households.models import Application, Batch, Quota
from households.procedures.applications import services as applications
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.offers import QUOTAS
from households.procedures.lists import batches
from households.procedures.quotas import services as quotas
from povreg.kit import menu
from tests import factories
from tests.factories import COUNTY, VILLAGE
from villages.periods.selectors import forget
from villages.rights import Role

pytestmark = pytest.mark.django_db
OLD = ("identification", "exit", "return")


@pytest.fixture
def cadre():
    factories.place()
    return factories.posted(Role.VILLAGE_CADRE)


def draft(cadre, kind, year):
    return batches.draft_batch(by=cadre, kind=kind, village=VILLAGE, year=year)


@pytest.mark.parametrize("kind", OLD)
@pytest.mark.parametrize("year", [2021, 2026])
def test_after_2020_no_list_of_the_old_kinds_is_drafted(cadre, kind, year):
    with pytest.raises(ProcedureError, match=f"{year} 年.*不办理.*省定项目") as fault:
        draft(cadre, kind, year)
    assert list(fault.value.message_dict) == ["year"]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("kind", "year"), [("exit", 2020), ("monitor_in", 2020), ("monitor_out", 2026), ("removal", 2026)]
)
def test_what_the_era_offers_is_drafted(cadre, kind, year):
    assert draft(cadre, kind, year).year == year


def test_monitoring_began_in_2020(cadre):
    with pytest.raises(ProcedureError, match="不办理“监测对象纳入”"):
        draft(cadre, "monitor_in", 2019)


def test_a_programme_of_the_province_lets_a_list_be_drafted(cadre):
    factories.programme(procedures=["identification"])
    assert draft(cadre, "identification", 2026).kind == "identification"
    with pytest.raises(ProcedureError, match="不办理“脱贫退出”"):
        draft(cadre, "exit", 2026)


def test_households_apply_for_what_is_on_offer(cadre):
    row = factories.household()
    facts = {"by": cadre, "household": row, "applied_on": date(2026, 3, 1), "reason": "收入低"}
    with pytest.raises(ProcedureError, match="不办理“返贫”"):
        applications.apply(kind="return", year=2026, **facts)
    applications.apply(kind="return", year=2020, **facts)
    assert Application.objects.get().year == 2020


def test_quotas_are_divided_to_2020_and_by_a_programme(cadre):
    officer = factories.posted(Role.COUNTY_OFFICER)
    facts = {"by": officer, "place": COUNTY, "method": "given", "factors": {"given": 100}}
    with pytest.raises(ProcedureError, match="不办理“规模分解”"):
        quotas.set_quota(year=2026, **facts)
    quotas.set_quota(year=2020, **facts)
    factories.programme(procedures=[QUOTAS])
    forget(COUNTY)
    assert quotas.set_quota(year=2026, **facts).amount == 100
    assert Quota.objects.count() == 2


def test_the_form_offers_the_kinds_of_its_year(cadre, client):
    client.force_login(cadre)
    now = client.get("/procedures/new/?year=2026").context["form"].fields["kind"].widget.choices
    then = client.get("/procedures/new/?year=2020").context["form"].fields["kind"].widget.choices
    assert [code for code, _ in now if code] == ["removal", "monitor_in", "monitor_out", "classified", "low_income"]
    assert {"identification", "exit", "return"} <= {code for code, _ in then}


def test_a_refused_kind_stands_beside_the_year(cadre, client):
    client.force_login(cadre)
    given = {"kind": "exit", "village": VILLAGE, "year": "2026", "source": "chosen"}
    answer = client.post("/procedures/new/", given)
    assert answer.status_code == 422 and "不办理“脱贫退出”" in str(answer.context["form"].errors["year"])


def test_the_menu_and_the_page_of_quotas_follow_the_year(client):
    factories.place()
    officer = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(officer)
    assert "规模分解" in client.get("/procedures/?year=2020").content.decode()
    assert "规模分解" not in client.get("/procedures/?year=2026").content.decode()
    page = client.get(f"/procedures/quotas/{COUNTY}/?year=2026").content.decode()
    assert "不办理“规模分解”" in page and "保存本县规模" not in page
    factories.programme(procedures=[QUOTAS])
    entry = next(each for each in menu.entries("lists") if each.label == "规模分解")
    assert entry.during(officer, 2020) and not entry.during(officer, 2025)
