"""The change history as sentences: who, when, which field, before, after, why."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from households.history.selectors import household_history
from households.models import Household, Member
from households.register import attachments, member_changes, moves, services
from households.register.fields import MemberRow
from povreg.kit.history import act
from tests import factories as make
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cadre():
    return make.posted(Role.VILLAGE_CADRE, name="李建国")


@pytest.fixture
def house(cadre):
    return make.household(members=2)


def told(cadre, house, **wanted):
    """Sentences whose fields have the wanted values."""
    return [
        each
        for each in household_history(cadre, house)
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]


def edit(cadre, house, **facts):
    house.refresh_from_db()
    return services.edit_household(by=cadre, household=house, version=house.version, facts=facts)


def test_a_code_is_told_by_its_label(cadre, house):
    edit(cadre, house, main_cause="07")
    [sentence] = told(cadre, house, verb="修改基本情况")
    assert (sentence.who, sentence.subject, sentence.kind) == ("李建国", "本户", "changed")
    assert [str(change) for change in sentence.changes] == ["主要致贫原因由 因残 改为 缺技术"]
    assert str(sentence) == "李建国：本户，主要致贫原因由 因残 改为 缺技术"


def test_numbers_are_masked(cadre, house):
    edit(cadre, house, phone="13800001234", bank_account="6222000011112222")
    edit(cadre, house, phone="13900005678")
    latest = told(cadre, house, verb="修改基本情况")[0]
    assert str(latest.changes[0]) == "联系电话由 138****1234 改为 139****5678"
    head = house.members.get(relation="01")
    number = make.id_number(date(1975, 8, 9))
    row = MemberRow("h", head.pk, head.version, {"id_no": number})
    services.edit_members(by=cadre, household=house, year=2020, rows=[row])
    [change] = [each for each in told(cadre, house, verb="修改家庭成员")[0].changes if each.label == "证件号码"]
    assert "********" in change.before and change.after == f"500198********{number[-4:]}"
    everything = " ".join(str(each) + str(each.changes) for each in household_history(cadre, house))
    assert number not in everything and "6222000011112222" not in everything


def test_yes_no_amounts_and_lists(cadre, house):
    edit(cadre, house, is_martyr_family=True, main_cause="05", other_causes=["09", "07"])
    made = services.edit_annual(by=cadre, household=house, year=2020, version=None, facts={"food": True})
    services.edit_annual(
        by=cadre, household=house, year=2020, version=made.version, facts={"food": False, "tr_eco": Decimal("1234.5")}
    )
    texts = {str(change) for each in household_history(cadre, house) for change in each.changes}
    assert "是否军烈属由 未填写 改为 是" in texts
    assert "其他致贫原因由 未填写 改为 缺资金、缺技术" in texts
    assert "不愁吃由 是 改为 否" in texts
    assert "生态补偿金由 未填写 改为 1,234.50" in texts
    assert told(cadre, house, subject="2020年度记录", kind="added")


def test_a_fact_of_the_year_is_told_once(cadre, house):
    head = house.members.get(relation="01")
    row = MemberRow("h", head.pk, head.version, {"ethnicity": "02"}, {"health": "02"})
    services.edit_members(by=cadre, household=house, year=2020, rows=[row])
    sentences = told(cadre, house, verb="修改家庭成员")
    assert {(each.subject, change.label) for each in sentences for change in each.changes} == {
        ("王明海", "民族"),
        ("王明海 2020年度", "健康状况"),
        ("王明海 2020年度", "登记时所在村"),
    }


def test_verb_and_reason_are_told(cadre, house):
    son = house.members.get(relation="03")
    member_changes.record_leaving(by=cadre, member=son, kind="08", on=date(2020, 5, 1), reason="迁往县城")
    about = told(cadre, house, verb="登记人员减少")
    assert {each.reason for each in about} == {"迁往县城"}
    assert {each.subject for each in about} == {son.name, f"变动“其他转出”（{son.name}）"}


def test_files_are_told(cadre, house):
    row = make.attachment(house, by=cadre, kind="01", title="")
    attachments.remove_attachment(by=cadre, attachment=row, reason="传错了")
    assert told(cadre, house, subject="附件“住房照片”", verb="移除附件")[0].reason == "传错了"


def test_a_move_names_both_villages(cadre, house):
    make.place(make.NEXT_VILLAGE)
    officer = make.posted(Role.TOWNSHIP_OFFICER)
    moves.transfer_household(
        by=officer, household=house, village=make.NEXT_VILLAGE, on=date(2020, 5, 1), reason="搬迁安置"
    )
    house.refresh_from_db()
    changes = [change for each in told(officer, house, subject="本户", verb="迁移") for change in each.changes]
    assert [str(change) for change in changes] == ["行政村由 泉秀村 改为 小园村"]


def test_the_author_of_what_no_person_did(cadre, house):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE households_household SET note = '直接改' WHERE id = %s", [house.pk])
    with act(by=None, verb="import_sheet"):
        Household.objects.filter(pk=house.pk).update(note="导入")
    with act(by=None, verb="load_test"):
        Household.objects.filter(pk=house.pk).update(note="整理")
    changed = [each for each in household_history(cadre, house) if each.kind == "changed"]
    assert [each.who for each in changed][:3] == ["系统", "批量导入", "数据库直接修改（未登记）"]


def test_newest_first_and_no_more_than_asked(cadre, house):
    for number in range(6):
        edit(cadre, house, note=f"第{number}次")
    sentences = [each for each in household_history(cadre, house, limit=4) if each.kind == "changed"]
    assert len(household_history(cadre, house, limit=4)) == 4
    assert [each.changes[0].after for each in sentences][:3] == ["第5次", "第4次", "第3次"]
    assert sentences[0].changes[0].before == "第4次"


def test_what_stood_before_is_found_however_long_ago(cadre, house):
    for number in range(6):
        make.member_year(house.members.first(), 2013 + number)
    edit(cadre, house, main_cause="07")
    latest = next(each for each in household_history(cadre, house, limit=3) if each.kind == "changed")
    assert str(latest.changes[0]) == "主要致贫原因由 因残 改为 缺技术"


def test_a_constant_number_of_queries(cadre, house, django_assert_max_num_queries):
    for number in range(4):
        edit(cadre, house, note=f"第{number}次")
    for person in house.members.all():
        make.member_year(person)
    cadre.postings_today()
    with django_assert_max_num_queries(17):
        assert household_history(cadre, house, limit=2)


def test_bulk_sql_is_told_too(cadre, house):
    with act(by=cadre, verb="load_test"):
        Member.objects.filter(household=house).update(ethnicity="02")
    assert len(told(cadre, house, verb="测试")) == 2


def test_not_without_the_right(house):
    with pytest.raises(PermissionDenied):
        household_history(make.posted(Role.ACCOUNTS_ADMIN), house)
    with pytest.raises(PermissionDenied):
        household_history(make.posted(Role.VILLAGE_CADRE, make.NEXT_VILLAGE), house)
