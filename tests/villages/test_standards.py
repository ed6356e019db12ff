"""Poverty lines and criteria sets: which one holds, how they are corrected, who keeps them (policy.md 3.17, 4)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests import factories
from tests.factories import COUNTY, OTHER_COUNTY, TOWNSHIP, VILLAGE, YEAR
from villages.models import CriteriaSet, PovertyLine
from villages.rights import Role
from villages.standards import hooks, selectors, services
from villages.standards.shipping import correct_national, ship_national, shipped_lines

pytestmark = pytest.mark.django_db
EXIT = PovertyLine.Kind.EXIT
DEFAULT = "一超过两不愁三保障"
REGULAR = "两不愁三保障及饮水安全"
NATIONAL_EXIT = {
    2013: 2736, 2014: 2800, 2015: 2855, 2016: 3146, 2017: 3335, 2018: 3535, 2019: 3747, 2020: 4000,
}  # fmt: skip


@pytest.fixture(autouse=True)
def shipped():
    ship_national(PovertyLine, CriteriaSet)


@pytest.fixture
def officer():
    factories.place()
    return factories.posted(Role.COUNTY_OFFICER)


@pytest.fixture
def heard(monkeypatch, django_capture_on_commit_callbacks):
    """Runs a verb and returns the changes that listeners were told of."""

    def listen(verb):
        told = []
        monkeypatch.setattr(hooks, "_listeners", [lambda change, by: told.append(change)])
        with django_capture_on_commit_callbacks(execute=True):
            verb()
        return told

    return listen


def add(by, code=COUNTY, **facts):
    given = {"kind": EXIT, "year": YEAR, "amount": Decimal(4200), "source": "开州扶发〔2020〕3号"} | facts
    return services.add_line(by=by, place=factories.place(code) if code else None, **given)


def publish(by, code=COUNTY, **facts):
    given = {
        "name": "一超六有",
        "criteria": ["income", "food", "power"],
        "year_from": 2020,
        "source": "开州扶发〔2020〕4号",
    }
    return services.publish_set_version(by=by, place=factories.place(code) if code else None, **given | facts)


def refused(call, field, text):
    with pytest.raises(ValidationError, match=text) as fault:
        call()
    assert list(fault.value.message_dict) == [field]


# What is shipped


def test_the_national_exit_lines_are_shipped_with_their_sources():
    lines = PovertyLine.objects.filter(kind=EXIT, place=None)
    assert {line.year: line.amount for line in lines} == NATIONAL_EXIT
    assert all(line.source for line in lines)


def test_the_statistics_standard_is_another_line_than_the_exit_line():
    assert selectors.line_for("nbs", 2016, VILLAGE).amount == 2952
    assert selectors.line_for("exit", 2016, VILLAGE).amount == 3146
    assert PovertyLine.objects.filter(kind="nbs").count() == 10


def test_local_values_stand_in_the_notes():
    notes = {year: selectors.line_for("exit", year, VILLAGE).note for year in (2016, 2017, 2018)}
    assert all(amount in notes[year] for year, amount in ((2016, "3026"), (2017, "3200"), (2018, "3400")))


def test_an_older_installation_gets_the_right_lines_and_keeps_the_wrong_ones_withdrawn():
    """What an earlier version shipped is corrected once; a line the operator entered since stays."""
    PovertyLine.objects.filter(kind=EXIT, year=2013, place=None).delete()
    PovertyLine.objects.filter(kind=EXIT, year__in=(2016, 2017), place=None).update(amount=3026)
    line = selectors.line_for("exit", 2017, VILLAGE)
    services.correct_line(by=None, line=line, amount=Decimal(3300), source="省文件", reason="更正")
    PovertyLine.objects.filter(amount=3300).update(created_by=factories.posted(Role.COUNTY_OFFICER))
    CriteriaSet.objects.filter(name=DEFAULT).update(year_to=None)
    CriteriaSet.objects.filter(name=REGULAR).delete()

    assert correct_national(PovertyLine, CriteriaSet) == 3  # 2016, 2013, and the set of the years from 2021
    held = {line.year: line.amount for line in PovertyLine.objects.filter(kind=EXIT, place=None, withdrawn_at=None)}
    assert held == NATIONAL_EXIT | {2017: 3300}
    old = PovertyLine.objects.get(kind=EXIT, year=2016, withdrawn_at__isnull=False)
    assert old.amount == 3026 and old.withdrawn_reason
    assert PovertyLine.history.rel.related_model.objects.filter(
        pgh_obj_id=old.pk, pgh_context__metadata__verb="correct_line"
    )
    assert selectors.criteria_set_for(2020, VILLAGE).name == DEFAULT
    assert selectors.criteria_set_for(2021, VILLAGE).name == REGULAR
    assert correct_national(PovertyLine, CriteriaSet) == 0


def test_shipping_twice_adds_nothing_and_brings_back_no_withdrawn_line(officer):
    line = PovertyLine.objects.get(kind=EXIT, year=YEAR, place=None)
    services.withdraw_line(by=None, line=line, reason="测试")
    assert ship_national(PovertyLine, CriteriaSet) == 0
    assert selectors.line_for("exit", YEAR, VILLAGE) is None


def test_every_shipped_line_has_a_kind_and_a_source():
    for line in shipped_lines():
        assert line["kind"] in PovertyLine.Kind.values
        assert line["source"]


def test_sets_are_shipped_and_one_of_them_holds_in_a_year():
    default = selectors.criteria_set_for(2014, VILLAGE)
    assert (default.name, default.version) == (DEFAULT, 1)
    assert selectors.criteria_set_for(2020, VILLAGE) == default
    assert selectors.criteria_set_for(2026, VILLAGE).name == REGULAR
    assert selectors.criteria_set_for(2026, VILLAGE).criteria == default.criteria
    assert default.criteria == ["income", "food", "clothing", "water", "education", "medical", "housing"]
    more = CriteriaSet.objects.get(name="一超六有", place=None)
    assert set(more.criteria) - set(default.criteria) == {"power", "broadcast"}
    assert not more.is_active


def test_every_shipped_criterion_can_be_judged():
    declared = set(hooks.declared_criteria())
    for row in CriteriaSet.objects.all():
        assert set(row.criteria) <= declared


# Which line holds


def test_the_most_specific_line_wins(officer):
    add(officer, COUNTY, amount=Decimal(4200))
    add(officer, TOWNSHIP, amount=Decimal(4300))
    assert selectors.line_for("exit", YEAR, VILLAGE).amount == 4300
    assert selectors.line_for("exit", YEAR, "500154202200").amount == 4200
    assert selectors.line_for("exit", YEAR, "500101001200").amount == 4000


def test_a_year_without_a_line_borrows_none():
    assert selectors.line_for("exit", 2021, VILLAGE) is None
    assert selectors.exit_lines(2021, COUNTY) == []


def test_lines_of_a_county_for_sql_are_most_specific_first(officer):
    line = add(officer, TOWNSHIP, amount=Decimal(4300))
    lines = selectors.exit_lines(YEAR, COUNTY)
    assert [(row.prefix, row.amount) for row in lines] == [(TOWNSHIP, 4300), ("", 4000)]
    assert lines[0].id == line.pk


# Which set holds


def test_a_countys_set_wins_over_the_countrys(officer):
    row = publish(officer)
    assert selectors.criteria_set_for(2020, VILLAGE) == row
    assert selectors.criteria_set_for(2019, VILLAGE).name == DEFAULT
    assert selectors.criteria_set_for(2020, "500101001200").name == DEFAULT


def test_the_latest_first_year_wins_then_the_version(officer):
    publish(officer, year_from=2018)
    second = publish(officer, year_from=2019)
    third = publish(officer, year_from=2018)
    assert [row.version for row in (second, third)] == [2, 3]
    assert selectors.criteria_set_for(2020, VILLAGE) == second
    assert selectors.criteria_set_for(2018, VILLAGE) == third


def test_a_set_holds_until_its_last_year(officer):
    publish(officer, year_from=2018, year_to=2019)
    assert selectors.criteria_set_for(2019, VILLAGE).name == "一超六有"
    assert selectors.criteria_set_for(2020, VILLAGE).name == DEFAULT


def test_sets_within_a_county_are_one_for_each_place(officer):
    publish(officer, TOWNSHIP)
    latest = publish(officer, TOWNSHIP)
    assert [(prefix, row) for prefix, row in selectors.criteria_sets_within(2020, COUNTY)] == [
        (TOWNSHIP, latest),
        ("", CriteriaSet.objects.get(name=DEFAULT)),
    ]


# Keeping lines


def test_a_line_is_added_and_listeners_are_told(officer, heard):
    assert heard(lambda: add(officer)) == [hooks.StandardChange("exit", YEAR, YEAR, COUNTY)]
    assert PovertyLine.objects.get(place_id=COUNTY).created_by == officer


def test_a_correction_keeps_the_wrong_line_with_the_reason(officer, heard):
    line = add(officer)
    told = heard(
        lambda: services.correct_line(
            by=officer, line=line, amount=Decimal(4100), source=line.source, reason="录入时看错"
        )
    )
    assert told == [hooks.StandardChange("exit", YEAR, YEAR, COUNTY)]
    line.refresh_from_db()
    assert (line.amount, line.withdrawn_reason, line.withdrawn_by) == (4200, "录入时看错", officer)
    assert selectors.line_for("exit", YEAR, VILLAGE).amount == 4100
    context = line.history.latest("pgh_id").pgh_context.metadata
    assert (context["verb"], context["reason"]) == ("correct_line", "录入时看错")


def test_after_a_withdrawal_the_wider_line_holds(officer, heard):
    line = add(officer)
    assert heard(lambda: services.withdraw_line(by=officer, line=line, reason="文件废止"))
    assert selectors.line_for("exit", YEAR, VILLAGE).amount == 4000


@pytest.mark.parametrize(
    ("facts", "field", "text"),
    [
        ({"amount": Decimal(0)}, "amount", "大于 0"),
        ({"amount": Decimal(-1)}, "amount", "大于 0"),
        ({"amount": Decimal(100001)}, "amount", "核对单位"),
        ({"year": 1985}, "year", "年度应在"),
        ({"year": timezone.localdate().year + 2}, "year", "年度应在"),
        ({"source": " "}, "source", "请填写依据"),
    ],
)
def test_a_line_that_cannot_be_one_is_refused(officer, facts, field, text):
    refused(lambda: add(officer, **facts), field, text)


def test_a_line_is_not_registered_twice(officer):
    add(officer)
    refused(lambda: add(officer, amount=Decimal(4300)), "year", "请在列表中“更正”")


def test_a_correction_needs_a_change_and_a_reason(officer):
    line = add(officer)
    same = {"amount": line.amount, "source": line.source}
    refused(lambda: services.correct_line(by=officer, line=line, reason="看错", **same), "amount", "与原标准相同")
    other = same | {"amount": Decimal(4100)}
    refused(lambda: services.correct_line(by=officer, line=line, reason=" ", **other), "reason", "请填写原因")
    line.refresh_from_db()
    assert line.withdrawn_at is None


def test_a_withdrawn_line_is_neither_corrected_nor_withdrawn_again(officer):
    line = add(officer)
    services.withdraw_line(by=officer, line=line, reason="文件废止")
    with pytest.raises(ValidationError, match="已被撤回"):
        services.withdraw_line(by=officer, line=line, reason="再撤一次")
    with pytest.raises(ValidationError, match="已被撤回"):
        services.correct_line(by=officer, line=line, amount=Decimal(1), source="x", reason="x")


# Keeping sets


def test_a_set_is_published_with_its_thresholds_and_listeners_are_told(officer, heard):
    told = heard(lambda: publish(officer, params={"school_age": [6, 15], "borderline": "0.2"}))
    assert told == [hooks.StandardChange("criteria", 2020, None, COUNTY)]
    row = CriteriaSet.objects.get(place_id=COUNTY)
    assert (row.version, row.params, row.criteria) == (
        1, {"school_age": [6, 15], "borderline": "0.2"}, ["income", "food", "power"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "field", "text"),
    [
        ({"name": " "}, "name", "请填写名称"),
        ({"criteria": []}, "criteria", "至少选择一项"),
        ({"criteria": ["income", "height"]}, "criteria", "没有这样的指标：height"),
        ({"source": ""}, "source", "请填写依据"),
        ({"year_from": 1900}, "year_from", "起始年度应在"),
        ({"year_to": 2019}, "year_to", "早于起始年度"),
        ({"params": {"school_age": [16, 6]}}, "school_until", "止大于起"),
        ({"params": {"borderline": "1.5"}}, "borderline", "0 到 100"),
    ],
)
def test_a_set_that_cannot_be_one_is_refused(officer, facts, field, text):
    refused(lambda: publish(officer, **facts), field, text)


def test_a_set_out_of_use_leaves_the_place_to_the_next_one(officer, heard):
    row = publish(officer)
    assert heard(lambda: services.withdraw_set(by=officer, criteria_set=row, reason="上级已统一"))
    assert selectors.criteria_set_for(2020, VILLAGE).name == DEFAULT
    with pytest.raises(ValidationError, match="已经停用"):
        services.withdraw_set(by=officer, criteria_set=row, reason="再停一次")


def test_taking_a_set_out_of_use_needs_a_reason(officer):
    row = publish(officer)
    refused(lambda: services.withdraw_set(by=officer, criteria_set=row, reason=""), "reason", "请填写停用原因")


# Who may


def calls(by):
    line = add(None)
    row = publish(None)
    return [
        lambda: add(by, TOWNSHIP),
        lambda: services.correct_line(by=by, line=line, amount=Decimal(1), source="x", reason="x"),
        lambda: services.withdraw_line(by=by, line=line, reason="x"),
        lambda: publish(by),
        lambda: services.withdraw_set(by=by, criteria_set=row, reason="x"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COUNTY_OFFICER])
def test_only_the_county_office_keeps_standards(role):
    for call in calls(factories.posted(role)):
        with pytest.raises(PermissionDenied):
            call()


def test_a_neighbouring_county_keeps_none_of_ours():
    for call in calls(factories.posted(Role.COUNTY_OFFICER, OTHER_COUNTY)):
        with pytest.raises(PermissionDenied):
            call()


def test_nobody_changes_the_countrys_standards(officer):
    line = PovertyLine.objects.get(kind=EXIT, year=YEAR, place=None)
    for call in (
        lambda: add(officer, "", year=2021),
        lambda: services.withdraw_line(by=officer, line=line, reason="x"),
        lambda: publish(officer, ""),
        lambda: services.withdraw_set(by=officer, criteria_set=CriteriaSet.objects.get(name=DEFAULT), reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_one_sees_the_countrys_standards_and_those_of_ones_own_places(officer):
    mine, theirs = add(officer), add(None, OTHER_COUNTY)
    seen = PovertyLine.objects.filter(kind=EXIT, year=YEAR).visible_to(officer)
    assert mine in seen
    assert theirs not in seen
    assert seen.filter(place=None).exists()
    cadre = factories.posted(Role.VILLAGE_CADRE)
    assert mine in PovertyLine.objects.visible_to(cadre)
    assert not PovertyLine.objects.visible_to(factories.user()).exists()
