"""Filters of the list that are kept under a name, its columns, and the conditions of figures."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from households.find import selectors, services
from households.find.columns import COLUMNS, ON_PAGE
from households.find.facets import SHOWN
from households.find.filters import GROUPS, SELECTS, TICKS, checked, words
from households.models import Household, ListColumns, Member, SavedFilter
from tests import factories
from villages.rights import Role

pytestmark = pytest.mark.django_db
YEAR = factories.YEAR
HOUSING = {"verdict": "fail", "failed": "housing"}


@pytest.fixture
def officer(client):
    account = factories.posted(Role.TOWNSHIP_OFFICER)
    client.force_login(account)
    return account


def shown(client, query=""):
    page = client.get(f"/households/?year={YEAR}&{query}")
    assert page.status_code == 200
    return {row.pk for row in page.context["page"].rows}


# -- verbs -------------------------------------------------------------------------------------------------------------


def test_a_filter_is_kept_as_codes(officer):
    row = services.save_filter(by=officer, name=" 住房  未达标 ", query={**HOUSING, "order": "place", "gap": ""})
    assert (row.name, row.query, row.owner) == ("住房 未达标", HOUSING, officer)
    assert selectors.saved_filters(officer) == [row]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"order": "place"},
        {"verdict": ""},
        {"name": "谭春秀"},
        {"search": "谭春秀"},
        {"cause": "谭春秀"},
        {"page": "2"},
    ],
)
def test_a_filter_that_narrows_nothing_is_not_kept_and_nothing_typed_ever_is(officer, query):
    with pytest.raises(ValidationError, match="没有可保存的筛选"):
        services.save_filter(by=officer, name="试", query=query)
    kept = services.save_filter(by=officer, name="试", query={**query, **HOUSING})
    assert "谭" not in str(kept.query)


def test_figures_are_kept_several(officer):
    row = services.save_filter(by=officer, name="病残", query={"figure": ["health.02", "labour.04", "health.02", ""]})
    assert row.query == {"figure": ["health.02", "labour.04"]}


def test_a_name_is_needed_short_and_one_s_own(officer):
    for name, said in (("", "起个名称"), ("  ", "起个名称"), ("长" * 21, "最多 20 个字，现有 21 个")):
        with pytest.raises(ValidationError, match=said):
            services.save_filter(by=officer, name=name, query=HOUSING)
    services.save_filter(by=officer, name="住房", query=HOUSING)
    with pytest.raises(ValidationError, match="已有名为“住房”的筛选"):
        services.save_filter(by=officer, name="住房", query={"gap": "income"})
    services.save_filter(by=factories.posted(Role.TOWNSHIP_OFFICER), name="住房", query=HOUSING)


def test_the_same_name_replaces_when_it_is_asked_for(officer):
    old = services.save_filter(by=officer, name="住房", query=HOUSING)
    new = services.save_filter(by=officer, name="住房", query={"gap": "income"}, columns=["phone"], replace=True)
    assert new.pk == old.pk
    assert SavedFilter.objects.get() == new
    assert (new.query, new.columns) == ({"gap": "income"}, ["phone"])


def test_there_is_an_end_to_saving(officer):
    for number in range(selectors.MOST):
        services.save_filter(by=officer, name=f"筛选{number}", query=HOUSING)
    with pytest.raises(ValidationError, match="最多保存 12 个筛选"):
        services.save_filter(by=officer, name="再来一个", query=HOUSING)
    services.save_filter(by=officer, name="筛选3", query={"gap": "income"}, replace=True)


def test_renaming(officer):
    one, other = (services.save_filter(by=officer, name=name, query=HOUSING) for name in ("甲", "乙"))
    assert services.rename_filter(by=officer, saved=one, name="丙").name == "丙"
    services.rename_filter(by=officer, saved=one, name="丙")
    with pytest.raises(ValidationError, match="已有名为“乙”的筛选"):
        services.rename_filter(by=officer, saved=one, name="乙")
    services.drop_filter(by=officer, saved=other)
    assert [row.name for row in selectors.saved_filters(officer)] == ["丙"]


def test_columns_are_remembered_for_each_person(officer):
    services.choose_columns(by=officer, columns=["strip", "no", "nonsense"])
    assert selectors.chosen_columns(officer) == ["no", "strip"]
    assert selectors.chosen_columns(factories.posted(Role.TOWNSHIP_OFFICER)) == []
    services.choose_columns(by=officer, columns=[])
    assert ListColumns.objects.get().columns == []


# -- pages -------------------------------------------------------------------------------------------------------------


def test_a_filter_is_saved_opened_and_dropped_on_the_pages(client, officer):
    wanted, other = factories.household(members=1), factories.household(members=1)
    factories.assessment(wanted, failed=["housing"])
    factories.assessment(other)
    answer = client.post(f"/households/saved/?verdict=fail&failed=housing&year={YEAR}", {"name": "住房未达标"})
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert [row.pk for row in page.context["page"].rows] == [wanted.pk]
    assert [(tab["name"], tab["here"]) for tab in page.context["tabs"]] == [("全部", False), ("住房未达标", True)]
    assert not page.context["may_save"], "it is saved already"
    row = SavedFilter.objects.get()
    listed = client.get("/households/saved/").content.decode()
    assert "结论：未达标；未达标项：住房" in listed
    client.post(f"/households/saved/{row.pk}/rename/", {"name": "危房"})
    assert SavedFilter.objects.get().name == "危房"
    client.post(f"/households/saved/{row.pk}/drop/")
    assert not SavedFilter.objects.exists()
    assert Household.objects.count() == 2


def test_a_refused_name_comes_back_with_the_reason_and_the_filter(client, officer):
    services.save_filter(by=officer, name="住房", query=HOUSING)
    answer = client.post("/households/saved/?gap=income", {"name": "住房"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "已有名为“住房”的筛选" in text
    assert 'value="住房"' in text
    assert "未填完的部分：收入与支出" in text or "未填完的部分：" in text
    assert client.post("/households/saved/?gap=income", {"name": "住房", "replace": "1"}).status_code == 302


def test_a_search_is_left_out_of_what_is_saved_and_the_page_says_so(client, officer):
    factories.household(members=1)
    found = client.post("/households/find/?cause=02", {"search": "王明海"}).url
    assert "查找的姓名或号码不会保存" in client.get(found).content.decode()
    client.post(f"/households/saved/?{found.split('?')[1]}", {"name": "因学"})
    assert SavedFilter.objects.get().query == {"cause": "02"}
    only_search = client.post("/households/find/", {"search": "王明海"}).url
    assert not client.get(only_search).context["may_save"]
    assert client.post(f"/households/saved/?{only_search.split('?')[1]}", {"name": "王"}).status_code == 422


def test_nobody_opens_or_changes_another_s_filter(client, officer):
    theirs = factories.saved_filter(columns=["phone"])
    factories.household(members=1)
    assert client.post(f"/households/saved/{theirs.pk}/drop/").status_code == 404
    assert client.post(f"/households/saved/{theirs.pk}/rename/", {"name": "我的"}).status_code == 404
    page = client.get(f"/households/?saved={theirs.pk}")
    assert [column.code for column in page.context["columns"]] == list(ON_PAGE)
    assert theirs.name not in page.content.decode()


def test_the_list_shows_the_columns_that_were_chosen(client, officer):
    row = factories.household(members=1, phone="13800001234", address="泉秀村3组12号")
    assert "138****1234" not in client.get("/households/").content.decode()
    answer = client.post("/households/columns/?cause=02", {"column": ["phone", "address", "cause"]})
    assert "cause=02" in answer.url
    page = client.get(answer.url)
    text = page.content.decode()
    assert [column.label for column in page.context["columns"]] == ["致贫原因", "联系电话", "家庭住址"]
    for inside in ("138****1234", "泉秀村3组12号", 'data-label="联系电话"'):
        assert inside in text
    assert row.household_no not in text.split("<tbody>")[1].split("</tbody>")[0].replace("选择", "").split("</span>")[1]
    assert "13800001234" not in text
    client.post("/households/columns/", {"column": ["phone"], "usual": "1"})
    assert [column.code for column in client.get("/households/").context["columns"]] == list(ON_PAGE)


@pytest.mark.parametrize("code", COLUMNS)
def test_every_column_shows_a_bare_household_and_a_full_one(client, officer, code):
    factories.household()
    full = factories.household(members=2, phone="13800001234", monitor_type="1", exit_year=2019, household_attr="04")
    factories.assessment(full, failed=["housing"], missing=["water"], gaps=["income"], borderline=True)
    services.choose_columns(by=officer, columns=[code])
    page = client.get(f"/households/?year={YEAR}")
    assert page.content.decode().count(f'data-label="{COLUMNS[code].label}"') == 2


def test_a_name_is_text_and_never_markup(client, officer):
    row = factories.household(members=1, group_name="<b>3组", address="<i>")
    Member.objects.filter(household=row).update(name="<script>王")
    services.choose_columns(by=officer, columns=["village", "address"])
    text = client.get("/households/").content.decode()
    assert "<script>王" not in text
    assert "&lt;script&gt;王" in text
    assert "&lt;b&gt;3组" in text
    assert "&lt;i&gt;" in text


# -- conditions --------------------------------------------------------------------------------------------------------


def test_several_figures_hold_together(client, officer):
    both, one = factories.household(members=2), factories.household(members=2)
    for row in (both, one):
        Member.objects.filter(household=row, relation="03").update(health="02")
    Member.objects.filter(household=both, relation="01").update(labour="04")
    assert shown(client, "figure=health.02") == {both.pk, one.pk}
    assert shown(client, "figure=health.02&figure=labour.04") == {both.pk}
    assert shown(client, "figure=health.02&figure=labour.04&figure=sex.2") == set()
    assert shown(client, "figure=nonsense.1") == set()


def test_living_conditions(client, officer):
    wet, dry = factories.household(members=1), factories.household(members=1)
    factories.annual_record(wet, has_toilet=True, house_grade="C")
    factories.annual_record(dry, has_toilet=False)
    assert shown(client, "figure=toilet.yes") == {wet.pk}
    assert shown(client, "figure=toilet.no&figure=house_grade.A") == {dry.pk}


def test_a_figure_of_the_dashboard_still_works(client, officer):
    row, other = factories.household(members=1), factories.household(members=1)
    factories.assessment(row, gaps=["income"])
    factories.assessment(other)
    assert shown(client, "figure=incomplete.yes") == {row.pk}
    assert shown(client, "figure=total.all") == {row.pk, other.pk}


def test_every_condition_of_the_panel_says_what_it_is(client, officer):
    factories.household(members=1)
    page = client.get("/households/?verdict=none&figure=health.02&figure=income_band.3500&order=income&removed=1")
    assert [chip["text"] for chip in page.context["chips"]] == [
        "结论：未评定",
        "排序：人均纯收入从低到高",
        "只看已销户",
        "有成员 健康状况：长期慢性病",
        "人均纯收入分段：3500—4000 元",
    ]
    without = next(chip["url"] for chip in page.context["chips"] if "慢性病" in chip["text"])
    assert "health.02" not in without
    assert "income_band.3500" in without
    text = page.content.decode()
    assert '<input type="hidden" name="figure" value="income_band.3500">' in text, "no control shows it, none loses it"
    assert '<option value="health.02" selected>' in text


def test_every_filter_has_its_place_in_the_panel_or_before_it():
    inside = {name for group in GROUPS for name in (*group.selects, *group.ticks)}
    assert inside | {*SHOWN, "order"} == set(SELECTS) | set(TICKS)


@pytest.mark.parametrize("value", ["<b>", "王", "a b", "x" * 60, "';--"])
def test_what_is_no_code_is_no_filter(client, officer, value):
    row = factories.household(members=1)
    assert checked({"cause": value if len(value) < 50 else "王", "figure": ["王"]}) == {}
    assert shown(client, f"order={value}") == {row.pk}
    assert [text for _name, _value, text in words({"cause": "zz"})] == ["主要致贫原因：zz"]


def test_who_helps_a_household_today_stands_in_a_column(client, officer):
    row, other = factories.household(members=1), factories.household(members=1)
    helper = factories.posted(Role.HELPER, name="周立平")
    factories.pairing(row, helper)
    factories.pairing(other, factories.posted(Role.HELPER, name="吴昔今"), ends_on="2019-01-01")
    services.choose_columns(by=officer, columns=["helper"])
    text = client.get("/households/").content.decode()
    assert text.count("周立平") == 1
    assert "吴昔今" not in text


def test_an_office_passes_the_list_on_as_a_note(client):
    row, other = factories.household(members=1), factories.household(factories.NEXT_VILLAGE, members=1)
    for each in (row, other):
        factories.assessment(each, gaps=["income"])
    cadre = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    assert client.get("/households/").context["remind_url"] == ""
    url = client.get(f"/households/?gap=income&year={YEAR}").context["remind_url"]
    form = client.get(url).context["form"]
    sent = client.post("/messages/new/", {**form.initial, "place": factories.COUNTY, "role": Role.VILLAGE_CADRE})
    assert sent.status_code == 302
    message = cadre.messages.get()
    assert "未填完的部分" in message.text
    client.force_login(cadre)
    assert client.get("/households/?gap=income").context["remind_url"] == ""
    assert [found.pk for found in client.get(message.url).context["page"].rows] == [row.pk]


# -- shared ------------------------------------------------------------------------------------------------------------


def names_of_tabs(client):
    return [tab["name"] for tab in client.get(f"/households/?year={YEAR}").context["tabs"]]


def test_a_shared_filter_is_used_by_those_below_and_changed_by_none_of_them(client):
    office = factories.posted(Role.COUNTY_OFFICER, name="周文静")
    row = services.save_filter(by=office, name="危房户", query=HOUSING, columns=["phone"])
    cadre = factories.posted(Role.VILLAGE_CADRE)
    client.force_login(cadre)
    assert names_of_tabs(client) == []
    services.share_filter(by=office, saved=row, on=True)
    assert row.shared_in == factories.COUNTY
    assert names_of_tabs(client) == ["全部", "危房户"]
    wanted, other = factories.household(members=1), factories.household(members=1)
    factories.assessment(wanted, failed=["housing"])
    factories.assessment(other)
    factories.assessment(factories.household(factories.NEXT_VILLAGE, members=1), failed=["housing"])
    tab = client.get(f"/households/?year={YEAR}").context["tabs"][1]
    page = client.get(tab["url"])
    assert tab["from"] == "周文静"
    assert [found.pk for found in page.context["page"].rows] == [wanted.pk], "his own village only"
    assert [column.code for column in page.context["columns"]] == ["phone"]
    assert "只能使用，不能修改" in client.get("/households/saved/").content.decode()
    for verb in ("rename", "drop", "share"):
        assert client.post(f"/households/saved/{row.pk}/{verb}/", {"name": "我的"}).status_code == 404
    services.share_filter(by=office, saved=row, on=False)
    assert names_of_tabs(client) == []


def test_a_shared_filter_ends_at_the_place(client):
    township = factories.posted(Role.TOWNSHIP_OFFICER)
    row = services.save_filter(by=township, name="危房户", query=HOUSING)
    services.share_filter(by=township, saved=row, on=True)
    seen = {
        code: [found.name for found in selectors.shared_filters(factories.posted(role, code))]
        for role, code in (
            (Role.VILLAGE_CADRE, factories.NEXT_VILLAGE),
            (Role.VILLAGE_CADRE, "500154202200"),
            (Role.COUNTY_OFFICER, factories.COUNTY),
            (Role.COUNTY_OFFICER, factories.OTHER_COUNTY),
        )
    }
    assert seen == {factories.NEXT_VILLAGE: ["危房户"], "500154202200": [], factories.COUNTY: [], "500101": []}


def test_sharing_is_for_offices_and_for_one_s_own(client):
    cadre, office = factories.posted(Role.VILLAGE_CADRE), factories.posted(Role.COUNTY_OFFICER)
    mine = services.save_filter(by=cadre, name="危房户", query=HOUSING)
    for by in (cadre, office):
        with pytest.raises(PermissionDenied):
            services.share_filter(by=by, saved=mine, on=True)
    client.force_login(cadre)
    assert "共享给" not in client.get("/households/saved/").content.decode()
    assert client.post(f"/households/saved/{mine.pk}/share/", {"on": "1"}).status_code == 403
    client.force_login(office)
    own = services.save_filter(by=office, name="危房户", query=HOUSING)
    assert "共享给开州区" in client.get("/households/saved/").content.decode()
    client.post(f"/households/saved/{own.pk}/share/", {"on": "1"})
    assert "已共享" in client.get("/households/saved/").content.decode()
    client.post(f"/households/saved/{own.pk}/share/")
    own.refresh_from_db()
    assert own.shared_in == ""


def test_who_is_locked_out_shares_no_more():
    office, cadre = factories.posted(Role.COUNTY_OFFICER), factories.posted(Role.VILLAGE_CADRE)
    row = services.save_filter(by=office, name="危房户", query=HOUSING)
    services.share_filter(by=office, saved=row, on=True)
    assert selectors.shared_filters(cadre) == [row]
    office.is_active = False
    office.save()
    assert selectors.shared_filters(cadre) == []
