"""Pages of lines and criteria sets."""

import pytest
from django.urls import reverse

from tests import factories
from tests.factories import COUNTY, OTHER_COUNTY, YEAR
from villages.models import CriteriaSet, PovertyLine
from villages.rights import Role
from villages.standards.shipping import ship_national

pytestmark = pytest.mark.django_db
LINE = {"kind": "exit", "year": str(YEAR), "place": COUNTY, "amount": "4200", "source": "开州扶发〔2020〕3号"}
SET = {
    "name": "一超六有", "place": COUNTY, "year_from": "2020", "criteria": ["income", "power"],
    "source": "开州扶发〔2020〕4号",
}  # fmt: skip


@pytest.fixture(autouse=True)
def shipped():
    ship_national(PovertyLine, CriteriaSet)


@pytest.fixture
def officer(client):
    factories.place()
    person = factories.posted(Role.COUNTY_OFFICER)
    client.force_login(person)
    return person


def line_of(code):
    return factories.poverty_line("4200", place=factories.place(code))


@pytest.mark.parametrize("role", [Role.VILLAGE_CADRE, Role.HELPER, Role.COUNTY_LEADER, Role.AUDITOR])
def test_readers_see_every_line_with_its_source_and_no_button(client, role):
    client.force_login(factories.posted(role))
    page = client.get(reverse("standards")).content.decode()
    assert "3,747" in page
    assert "待定" in page
    assert reverse("line-new") not in page


@pytest.mark.parametrize("role", [Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_see_no_standards(client, role):
    client.force_login(factories.posted(role))
    assert client.get(reverse("standards")).status_code == 403


def test_the_page_shows_one_kind_at_a_time(client, officer):
    page = client.get(reverse("standards"), {"kind": "nbs"}).content.decode()
    assert "2,952" in page
    assert "3,747" not in page
    assert client.get(reverse("standards"), {"kind": "nonsense"}).status_code == 200


def test_a_line_is_registered(client, officer):
    assert client.post(reverse("line-new"), LINE).status_code == 302
    page = client.get(reverse("standards")).content.decode()
    assert "4,200" in page
    assert "开州扶发〔2020〕3号" in page


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"amount": "四千"}, "请填写金额"),
        ({"amount": "4000.123"}, "最多两位小数"),
        ({"amount": "0"}, "应大于 0"),
        ({"amount": ""}, "请填写标准"),
        ({"year": "二〇二〇"}, "四位年份"),
        ({"source": ""}, "请填写依据"),
        ({"place": OTHER_COUNTY}, "没有找到"),
        ({"place": ""}, "请选择适用地区"),
        ({"place": factories.VILLAGE}, "不是县、乡镇一级"),
    ],
)
def test_a_refused_line_comes_back_with_field_and_remedy(client, officer, data, text):
    factories.place(OTHER_COUNTY)
    answer = client.post(reverse("line-new"), LINE | data)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not PovertyLine.objects.filter(place__isnull=False).exists()


def test_a_line_is_corrected_and_the_page_keeps_the_old_one(client, officer):
    line = line_of(COUNTY)
    data = {"amount": "4100", "source": "更正通知", "reason": "录入时看错"}
    assert client.post(reverse("line-correct", args=[line.pk]), data).status_code == 302
    page = client.get(reverse("standards")).content.decode()
    assert "更正记录" in page
    assert "录入时看错" in page


def test_a_correction_without_reason_is_refused(client, officer):
    answer = client.post(reverse("line-correct", args=[line_of(COUNTY).pk]), {"amount": "4100", "source": "更正通知"})
    assert answer.status_code == 422
    assert "请填写原因" in answer.content.decode()


def test_a_line_is_withdrawn_with_a_reason_only(client, officer):
    line = line_of(COUNTY)
    answer = client.post(reverse("line-withdraw", args=[line.pk]), {"reason": ""}, follow=True)
    assert "请填写原因" in answer.content.decode()
    answer = client.post(reverse("line-withdraw", args=[line.pk]), {"reason": "文件废止"}, follow=True)
    assert "文件废止" in answer.content.decode()


@pytest.mark.parametrize(("code", "status"), [("", 403), (OTHER_COUNTY, 404)])
@pytest.mark.parametrize("name", ["line-correct", "line-withdraw"])
def test_lines_of_others_cannot_be_touched(client, officer, name, code, status):
    line = line_of(code) if code else PovertyLine.objects.get(kind="exit", year=YEAR, place=None)
    assert client.post(reverse(name, args=[line.pk]), {"reason": "x"}).status_code == status


@pytest.mark.parametrize("name", ["line-new", "set-new"])
def test_who_keeps_no_standards_gets_no_form(client, name):
    client.force_login(factories.posted(Role.TOWNSHIP_OFFICER))
    assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse(name), LINE | SET).status_code == 403


def test_a_county_takes_over_a_set_of_the_country(client, officer):
    shipped_set = CriteriaSet.objects.get(name="一超六有")
    page = client.get(reverse("set-new"), {"from": shipped_set.pk}).content.decode()
    assert 'value="一超六有"' in page
    answer = client.post(reverse("set-new"), SET | {"borderline": "20", "school_from": "6", "school_until": "15"})
    assert answer.status_code == 302
    row = CriteriaSet.objects.get(place_id=COUNTY)
    assert (row.criteria, row.version) == (["income", "power"], 1)
    assert (row.params["school_age"], float(row.params["borderline"])) == ([6, 15], 0.2)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"criteria": []}, "至少选择一项"),
        ({"criteria": ["height"]}, "没有这项指标"),
        ({"school_from": "6"}, "要么都填"),
        ({"borderline": "150"}, "0 到 100"),
        ({"year_to": "2019"}, "早于起始年度"),
    ],
)
def test_a_refused_set_comes_back_with_field_and_remedy(client, officer, data, text):
    answer = client.post(reverse("set-new"), SET | data)
    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_a_set_is_taken_out_of_use(client, officer):
    client.post(reverse("set-new"), SET)
    row = CriteriaSet.objects.get(place_id=COUNTY)
    client.post(reverse("set-withdraw", args=[row.pk]), {"reason": "上级已统一"})
    row.refresh_from_db()
    assert not row.is_active


@pytest.mark.parametrize(("code", "status"), [("", 403), (OTHER_COUNTY, 404)])
def test_sets_of_others_cannot_be_taken_out_of_use(client, officer, code, status):
    row = factories.criteria_set(place=factories.place(code) if code else None)
    answer = client.post(reverse("set-withdraw", args=[row.pk]), {"reason": "x"})
    assert answer.status_code == status
