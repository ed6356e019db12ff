"""A department's list from the file to the answer: sealed, matched by number and by name, never a removal, gone by its
day."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from audits.comparisons import selectors, services
from audits.comparisons.sources import sources
from audits.models import ComparisonHit, ComparisonList, ComparisonRow, Finding
from households.models import Household
from povreg.jobs.models import Job
from povreg.jobs.services import JobError, run_here
from tests import factories as make
from villages.models import User
from villages.rights import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=60)


def book(
    *rows: tuple[object, ...], header: tuple[str, ...] = ("车主", "身份证号", "出生日期", "车型", "无关")
) -> ContentFile:
    made = Workbook()
    made.active.append(list(header))
    for row in rows:
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return ContentFile(out.getvalue(), "名单.xlsx")


def upload(by: User, file: ContentFile, source: str = "vehicle", **facts: object) -> ComparisonList:
    given = {"department": "", "as_of": TODAY, "keep_until": LATER, "county": make.place(make.COUNTY), **facts}
    job = services.upload_list(by=by, source=source, file=file, **given)  # type: ignore[arg-type]
    run_here(job)
    return ComparisonList.objects.get(pk=job.params["list"])


def test_a_list_hits_by_number_and_weakly_by_name() -> None:
    first, second, third = (make.household(members=1) for _ in range(3))
    head, namesake = first.members.get(), second.members.get()
    namesake.name, namesake.birth_date = "阿依·古丽", date(1981, 2, 3)
    namesake.save()
    row = upload(
        make.posted(Role.COUNTY_OFFICER),
        book(
            ("王明海", head.id_no, None, "小型轿车", "x"),
            ("王明海", head.id_no, None, "小型轿车", "x"),
            ("阿依・ 古丽", None, date(1981, 2, 3), "面包车", ""),
            ("查无此人", make.id_number(date(1990, 1, 1)), None, "", ""),
            ("没有号码", "123", None, "", ""),
        ),
    )
    assert row.counts == {
        "read": 5, "kept": 4, "without_number": 2, "left_out": {"证件号码不对，又没有出生日期": 1},
        "strong": 1, "weak": 1,
    }  # fmt: skip
    hashed = {(bool(each.id_hash), bool(each.name_hash)) for each in row.rows.all()}  # type: ignore[attr-defined]
    assert hashed == {(True, True), (False, True)}, "the name is left when keys rotate and a stranger's number goes"
    hits = {hit.household_id: hit for hit in ComparisonHit.objects.all()}
    assert set(hits) == {first.pk, second.pk} and third.pk not in hits
    assert (hits[first.pk].weak, hits[second.pk].weak) == (False, True)
    assert hits[first.pk].detail == "车型 小型轿车"
    assert Household.objects.get(pk=first.pk).in_register, "a hit removes nobody"
    assert not row.file, "the file is gone once it is read"


def test_nothing_of_a_list_stands_in_the_clear() -> None:
    head = make.household(members=1).members.get()
    upload(make.posted(Role.COUNTY_OFFICER), book(("王明海", head.id_no, None, "小型轿车", "")))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r::text FROM audits_comparisonrow r UNION ALL SELECT h::text FROM audits_comparisonhit h"
        )
        told = " ".join(text for (text,) in cursor.fetchall())
    assert head.id_no not in told and "王明海" not in told and "轿车" not in told


def test_two_of_one_name_and_birthday_are_not_told_apart() -> None:
    for _ in range(2):
        make.household(members=1)  # both heads are 王明海, born on one day
    row = upload(make.posted(Role.COUNTY_OFFICER), book(("王明海", None, date(1975, 8, 9), "", "")))
    assert row.counts["weak"] == 0


def test_a_difference_is_a_hit_only_where_the_registers_differ() -> None:
    differs, agrees = (make.household(members=1) for _ in range(2))
    make.member_year(differs.members.get(), 2026, ins_resident=False)
    make.member_year(agrees.members.get(), 2026, ins_resident=True)
    make.working_year(2026)
    rows = [(each.name, each.id_no) for home in (differs, agrees) for each in home.members.all()]
    upload(make.posted(Role.COUNTY_OFFICER), book(*rows, header=("姓名", "证件号码")), source="insurance")
    assert [hit.household_id for hit in ComparisonHit.objects.all()] == [differs.pk]


def test_every_source_can_be_compared() -> None:
    officer, home = make.posted(Role.COUNTY_OFFICER), make.household(members=1)
    given = {"county": make.place(make.COUNTY), "department": "", "as_of": TODAY, "keep_until": LATER}
    for code in sources():
        row = services.push_list(
            by=officer, source=code, rows=[{"name": "王明海", "id_no": home.members.get().id_no}], **given
        )
        assert row.state == "compared" and row.counts["kept"] == 1


def test_an_answer_counts_for_the_precision_and_a_true_hit_becomes_a_finding() -> None:
    officer, cadre = make.posted(Role.COUNTY_OFFICER), make.posted(Role.VILLAGE_CADRE)
    heads = [make.household(members=1).members.get() for _ in range(2)]
    upload(officer, book(*[(head.name, head.id_no, None, "轿车", "") for head in heads]))
    one, other = ComparisonHit.objects.order_by("pk")
    services.answer_hit(by=cadre, hit=one, answer="nominal", reason="车是亲戚的，挂在他名下。")
    with pytest.raises(ValidationError, match="不属实"):
        services.open_from_hit(by=officer, hit=one)
    services.answer_hit(by=cadre, hit=other, answer="true", reason="新车，价格 9 万元。")
    found = services.open_from_hit(by=officer, hit=other)
    assert (found.source, found.severity) == (Finding.Source.COMPARISON, "E")
    [told] = [row for row in selectors.precision(officer, make.COUNTY) if row["source"].code == "vehicle"]
    assert (told["true"], told["false"], told["precision"]) == (1, 1, 50)


def test_rows_go_by_their_day_and_answers_stay() -> None:
    officer = make.posted(Role.COUNTY_OFFICER)
    head = make.household(members=1).members.get()
    row = upload(officer, book((head.name, head.id_no, None, "轿车", "")))
    services.answer_hit(by=officer, hit=ComparisonHit.objects.get(), answer="data", reason="部门登记错了号码。")
    assert services.delete_past(LATER) == 0
    assert services.delete_past(LATER + timedelta(days=1)) == 1
    row.refresh_from_db()
    hit = ComparisonHit.objects.get()
    assert (row.state, ComparisonRow.objects.count(), hit.detail, hit.answer) == ("deleted", 0, "", "data")


def test_what_is_no_list_is_refused_and_nothing_stays() -> None:
    officer = make.posted(Role.COUNTY_OFFICER)
    job = services.upload_list(
        by=officer, source="vehicle", file=book((1, 2), header=("甲", "乙")), department="", as_of=TODAY,
        keep_until=LATER, county=make.place(make.COUNTY),
    )  # fmt: skip
    with pytest.raises(JobError):
        run_here(job)
    row = ComparisonList.objects.get(pk=job.params["list"])
    assert (row.state, bool(row.file), row.rows.count()) == ("failed", False, 0)
    assert Job.objects.get(pk=job.pk).status == Job.Status.FAILED
    with pytest.raises(PermissionDenied):
        upload(make.posted(Role.AUDITOR), book())
    with pytest.raises(ValidationError, match="一年"):
        upload(officer, book(), keep_until=TODAY + timedelta(days=800))
