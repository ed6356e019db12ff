"""What auditors have done in the invented county: rules run, a department's list compared, findings in every state, a
round that is finished and one under way, a visit of the inspectors."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from audits.checks.running import run_checks
from audits.checks.services import open_from_doubt
from audits.comparisons.services import answer_hit, open_from_hit, push_list
from audits.findings import rounds, services
from audits.models import AuditRound, Doubt, Finding
from households.models import AnnualRecord, Household, Member
from povreg.demo.county import showcase
from povreg.demo.facts import YEARS
from povreg.kit.history import act
from povreg.kit.scopes import TOWNSHIP, within
from villages.models import Place, User

YEAR = YEARS[-1]
HITS = 4
AT_ONCE = 1000
"""Households of a county that are looked at while the demonstration is loaded."""
ENTERING = ("cun", "zhen", "zhiyuan")
DEMAND = "请入户核实，改正数据，附照片或单据。"
DONE = "已入户核实，按实际情况改正，照片附后。"
LOOKED = "到户看过，与报送的一致。"


def audit_county(county: str) -> None:
    """Once the county's verdicts stand."""
    people = {each.username: each for each in User.objects.filter(username__in=("shenji", "xian", "cun", "ducha"))}
    village = Place.objects.filter(pk=showcase(county)).first()
    if len(people) < 4 or village is None:
        return
    few = Household.objects.filter(within("village_id", county), in_register=True).count() <= AT_ONCE
    run_checks(county if few else village.pk[:TOWNSHIP], YEAR)  # else the night looks at the rest
    place, today = Place.objects.get(pk=county), timezone.localdate()
    first, second = _rounds(people["shenji"], place, today)
    _finished(people, village, first)
    _under_way(people, village, second, today)
    _compared(people, place, village, today)
    _inspected(people["ducha"], village, second, today)


def enter_records(county: str) -> None:
    """Three people went over records of the year: whom the rank of cadres by quality names."""
    people = {each.username: each for each in User.objects.filter(username__in=ENTERING)}
    rows = AnnualRecord.objects.filter(within("village_id", showcase(county)[:TOWNSHIP]), year=YEAR)
    for turn, name in enumerate(ENTERING):
        if name in people:
            with act(by=people[name], verb="save_annual_record"):
                theirs = rows.alias(turn=F("household_id") % len(ENTERING)).filter(turn=turn)
                theirs.update(version=F("version") + 1)


def _rounds(by: User, county: Place, today: date) -> tuple[AuditRound, AuditRound]:
    ends = today + timedelta(days=20)
    return (
        rounds.open_round(
            by=by, county=county, name=f"{YEAR}年上半年自查", kind="self", starts_on=date(YEAR, 3, 1),
            ends_on=date(YEAR, 6, 30),
        ),
        rounds.open_round(
            by=by, county=county, name=f"{YEAR}年下半年核查", kind="audit", starts_on=today - timedelta(days=30),
            ends_on=ends,
        ),
    )  # fmt: skip


def _doubts(village: Place) -> list[Doubt]:
    rows = Doubt.objects.open().filter(village=village, household__isnull=False, finding=None).exclude(severity="G")
    return list(rows.select_related("household__village", "member", "village").order_by("severity", "pk")[:8])


def _finished(people: dict[str, User], village: Place, into: AuditRound) -> None:
    """Two findings at their end, one of them untrue; the round is closed and its numbers stand."""
    auditor, cadre = people["shenji"], people["cun"]
    for number, title in enumerate(("住房等级与现场不符", "两户的联系电话相同")):
        row = services.open_finding(
            by=auditor, source=Finding.Source.INSPECTION, title=title, village=village, year=YEAR, round=into
        )
        row = services.assign_finding(
            by=auditor, finding=row, demand=DEMAND, deadline=timezone.localdate() + timedelta(days=15)
        )
        if number:
            services.dismiss_finding(by=auditor, finding=row, text="两户是父子，共用一部电话，不算问题。")
        else:
            row = services.answer_finding(by=cadre, finding=row, outcome=Finding.Outcome.KEPT, text=DONE)
            services.close_finding(by=auditor, finding=row, text=LOOKED)
    rounds.close_round(by=auditor, round=into, summary="问题已经办结，没有需要剔除的户。")


def _under_way(people: dict[str, User], village: Place, into: AuditRound, today: date) -> None:
    """Doubts that became findings: to be assigned, assigned, overdue, answered, opened again."""
    auditor, cadre = people["shenji"], people["cun"]
    for number, doubt in enumerate(_doubts(village)[:5]):
        row = open_from_doubt(by=auditor, doubt=doubt, round=into)
        if number == 0:
            continue
        row = services.assign_finding(by=auditor, finding=row, demand=DEMAND, deadline=today + timedelta(days=10))
        if number == 2:
            Finding.objects.filter(pk=row.pk).update(deadline=today - timedelta(days=3))
        if number >= 3:
            row = services.answer_finding(by=cadre, finding=row, outcome=Finding.Outcome.CORRECTED, text=DONE)
        if number == 4:
            row = services.close_finding(by=auditor, finding=row, text=LOOKED)
            services.reopen_finding(
                by=auditor, finding=row, text="复查时又出现同样的问题。", deadline=today + timedelta(days=7)
            )


def _compared(people: dict[str, User], county: Place, village: Place, today: date) -> None:
    """The vehicles of a department: some by the number, one by name and birthday only."""
    rows = Member.objects.present().filter(village=village, household__in_register=True, relation="01")
    heads = list(rows.order_by("pk")[:HITS])
    given = [
        {"name": head.name, "detail": {"车型": "小型轿车", "登记日期": f"{YEAR - 1}年5月"}}
        | ({"id_no": head.id_no} if number else {"birth_date": head.birth_date})
        for number, head in enumerate(heads)
    ]
    if not given:
        return
    made = push_list(
        by=people["xian"], county=county, source="vehicle", department="公安局车管所", as_of=today,
        keep_until=today + timedelta(days=90), rows=given,
    )  # fmt: skip
    for number, hit in enumerate(made.hits.order_by("pk")[:2]):  # type: ignore[attr-defined]
        if number:
            open_from_hit(by=people["xian"], hit=hit)
        else:
            answer_hit(by=people["cun"], hit=hit, answer="nominal", reason="车是在外务工的弟弟的，挂在他名下。")


def _inspected(by: User, village: Place, into: AuditRound, today: date) -> None:
    rounds.note_inspection(
        by=by, village=village, visited_on=today - timedelta(days=4), method="unannounced", team="督查二组 2 人",
        called=8, reached=7, seen="随机走访 8 户，7 户在家；两户说不清帮扶责任人是谁。", round=into,
    )  # fmt: skip
