"""What the county office sets: templates, windows, quotas, indicators; what the clock and the board tell it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from households.models import (
    Household,
    Indicator,
    IndicatorSet,
    Notice,
    ProcedureTemplate,
    Quota,
    Reminder,
    TemplateStep,
)
from households.procedures.applications import services as applications
from households.procedures.engine import clock, templates, village_exit, windows
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.shipping import ship
from households.procedures.engine.templates import StepChange
from households.procedures.lists import (
    attachments as papers,
    batches,
    jobs,
    looked,
    notices,
    reviews,
    selectors,
    watch,
)
from households.procedures.objections import services as objections
from households.procedures.papers.blocks import Box, Grid
from households.procedures.papers.declared import BLANK_DAY
from households.procedures.papers.household_forms import village_sheets
from households.procedures.papers.posted import notice_paper
from households.procedures.quotas import services as quota
from households.procedures.quotas.services import Share
from households.register import services
from tests import factories
from tests.households.procedures.procedure_world import YEAR, World, picture
from villages.models import VillageProfile

pytestmark = pytest.mark.django_db
COUNTY, TOWNSHIP, VILLAGE = factories.COUNTY, factories.TOWNSHIP, factories.VILLAGE


def national(code="exit-national"):
    return ProcedureTemplate.objects.get(code=code, place=None)


def revise(by, changes, code="exit-national", place=COUNTY):
    return templates.revise_template(by=by, template=national(code), place=place, changes=changes, source="县文件")


# Templates


def test_a_county_makes_its_own_version_and_running_lists_keep_theirs():
    world = World(households=1)
    running = world.until(world.start("exit-national"), "notice_1")
    fresh = revise(world.xian, {"notice_1": StepChange(label="村公示", days=10)})
    assert (fresh.version, fresh.place_id, fresh.steps.get(code="notice_1").days) == (1, COUNTY, 10)
    assert templates.template_for("exit", VILLAGE) == fresh
    assert templates.template_for("exit", factories.OTHER_VILLAGE) == national()
    running.refresh_from_db()
    assert running.template == national()
    again = templates.revise_template(by=world.xian, template=fresh, place=COUNTY, changes={})
    fresh.refresh_from_db()
    assert (again.version, fresh.is_active, again.steps.get(code="notice_1").days) == (2, False, 10)


@pytest.mark.parametrize(
    ("code", "step", "change", "text"),
    [
        ("exit-national", "notice_1", StepChange(days=6), "不得少于 7 天"),
        ("monitor-in-default", "notice_1", StepChange(days=4), "不得少于 5 天"),
        ("exit-national", "consent", StepChange(enabled=False), "必经步骤"),
        ("exit-national", "appraisal", StepChange(quorum="1/3"), "到会比例"),
        ("exit-national", "appraisal", StepChange(quorum="多数"), "到会比例"),
        ("exit-national", "notice_1", StepChange(label=" "), "名称不能为空"),
        ("exit-changshun", "township_review", StepChange(sample_percent=Decimal(2)), "抽查比例"),
        ("exit-national", "no_such_step", StepChange(days=9), "没有这些步骤"),
        ("county-exit-checklist", "approval", StepChange(label="批准"), "只作核对清单"),
    ],
)
def test_no_version_goes_below_the_legal_minimum(code, step, change, text):
    with pytest.raises(ProcedureError, match=text):
        revise(factories.posted("county_officer"), {step: change}, code)
    assert not ProcedureTemplate.objects.exclude(place=None).exists()


def test_an_optional_step_can_be_left_out():
    world = World(households=1)
    revise(world.xian, {"county_review": StepChange(enabled=False)}, "exit-changshun")
    batch = world.until(world.start(), "")
    assert batch.state == "done" and not batch.records.filter(step__code="county_review").exists()


def test_the_database_itself_keeps_the_minimum():
    step = TemplateStep.objects.get(template=national(), code="notice_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateStep.objects.filter(pk=step.pk).update(days=3)


@pytest.mark.parametrize("role", ["village_cadre", "township_officer", "county_leader", "auditor"])
def test_only_the_county_office_revises(role):
    with pytest.raises(PermissionDenied):
        revise(factories.posted(role), {})


def test_a_national_template_is_not_retired_and_a_countys_is():
    xian = factories.posted("county_officer")
    with pytest.raises(ProcedureError, match="国家模板不能停用"):
        templates.retire_template(by=xian, template=national())
    fresh = revise(xian, {})
    templates.retire_template(by=xian, template=fresh)
    assert templates.template_for("exit", VILLAGE) == national()


def test_a_checklist_starts_no_list():
    world = World(households=1)
    with pytest.raises(ProcedureError, match="只作核对清单"):
        batches.draft_batch(
            by=world.cadre, kind="county_exit", village=VILLAGE, year=YEAR, template=national("county-exit-checklist")
        )


def test_a_list_takes_the_version_in_force_when_it_starts():
    world = World(households=1)
    revise(world.xian, {})
    batch = world.draft()
    latest = templates.revise_template(
        by=world.xian, template=batch.template, place=COUNTY, changes={"notice_1": StepChange(days=9)}
    )
    with world.at():
        assert batches.start_batch(by=world.cadre, batch=batch).template == latest


# Candidates


def enter(by):
    number = factories.id_number(date(1980, 5, 6))
    head = {"name": "王新", "id_type": "1", "id_no": number, "ethnicity": "01"}
    return services.register_household(by=by, village=VILLAGE, facts={"group_name": "1组"}, head=head)


def test_who_is_entered_by_hand_is_an_ordinary_household():
    factories.place(VILLAGE)
    cadre = factories.posted("village_cadre")
    entered = enter(cadre)
    assert (entered.exit_status, entered.household_type) == ("", "02")
    assert entered not in Household.objects.registered()
    assert list(Household.objects.ordinary()) == [entered]


# Applications and windows


def test_applications_by_proxy_and_with_authorisation():
    world = World(households=1, kind="monitor_in")
    row = world.households[0]

    def ask(**more):
        return applications.apply(
            by=world.cadre, household=row, kind="monitor_in", year=YEAR,
            **{"reason": "大病支出", "applied_on": world.day, "authorised_on": world.day, **more},
        )  # fmt: skip

    with world.at():
        for more, text in (
            ({"authorised_on": None}, "承诺授权"),
            ({"reason": " "}, "申请理由"),
            ({"proxy": applications.Proxy("", "子", True)}, "代办人姓名"),
            ({"proxy": applications.Proxy("王强", "子", False)}, "按手印"),
            ({"applied_on": world.day + timedelta(1)}, "还没有到"),
        ):
            with pytest.raises(ProcedureError, match=text):
                ask(**more)
        one = ask(proxy=applications.Proxy("王强", "子", True))
        with pytest.raises(ProcedureError, match="已有待处理"):
            ask()
        with pytest.raises(ProcedureError, match="不由农户申请"):
            applications.apply(
                by=world.cadre, household=row, kind="exit", year=YEAR, applied_on=world.day, reason="想退出"
            )
    assert (one.by_proxy, one.thumbprint, one.state) == (True, True, "open")


def test_a_list_drafted_from_applications_takes_them_along():
    world = World(households=2, kind="identification")
    for row in world.households:
        with world.at():
            applications.apply(
                by=world.cadre, household=row, kind="identification", year=YEAR, applied_on=world.day, reason="缺劳力"
            )
    declined = world.households[0].applications.get()
    with world.at():
        applications.close_application(by=world.cadre, application=declined, state="declined", reason="户籍不在本村")
    batch = world.draft(source="applications", household_ids=())
    assert list(batch.entries.values_list("household_id", flat=True)) == [world.households[1].pk]
    assert world.households[1].applications.get().state == "listed"


def test_windows_open_and_close_a_function_for_a_place():
    world = World(households=1)
    assert windows.is_open("drafting", "exit", VILLAGE, world.day)
    windows.open_window(
        by=world.xian, function="drafting", kind="exit", place=COUNTY, opens_on=date(2020, 11, 1),
        closes_on=date(2020, 11, 30), reason="县通知",
    )  # fmt: skip
    with world.at(), pytest.raises(ProcedureError, match="不在“脱贫退出·拟定名单”的开放时间内"):
        world.draft()
    assert windows.is_open("drafting", "exit", factories.OTHER_VILLAGE, world.day)
    assert windows.is_open("drafting", "removal", VILLAGE, world.day)
    own = windows.open_window(
        by=world.xian, function="drafting", kind="exit", place=TOWNSHIP, opens_on=world.day, closes_on=world.day,
        reason="补办",
    )  # fmt: skip
    assert world.draft().entries.count() == 1
    windows.close_window(by=world.xian, window=own)
    assert not windows.is_open("drafting", "exit", VILLAGE, world.day)
    with pytest.raises(PermissionDenied):
        windows.close_window(by=world.zhen, window=own)


def test_an_approval_outside_its_window_is_refused():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "county_review")
    windows.open_window(
        by=world.xian, function="approval", kind="", place=COUNTY, opens_on=date(2021, 1, 1),
        closes_on=date(2021, 1, 31), reason="县通知",
    )  # fmt: skip
    with pytest.raises(ProcedureError, match="审定批复"):
        world.do(batch)


# Quotas


@pytest.fixture
def xian():
    for code in (VILLAGE, factories.NEXT_VILLAGE):
        factories.place(code)
    return factories.posted("county_officer")


def test_methods_compute_the_scale():
    assert quota.computed("rate", {"population": "200000", "rate": "4.25"}) == 8500
    factors = {"population": 1000, "values": {"road": 20, "water": 10}, "weights": {"road": 1, "water": 3}}
    assert quota.computed("factors", factors) == 125
    assert quota.computed("given", {"given": 300}) == 300
    for method, bad in (("rate", {"population": 10}), ("rate", {"population": 10, "rate": "x"}), ("factors", {})):
        with pytest.raises(ProcedureError, match="请填写"):
            quota.computed(method, bad)


def test_a_scale_is_divided_within_its_sum_and_its_ceiling(xian):
    whole = quota.set_quota(by=xian, place=COUNTY, year=YEAR, method="given", factors={"given": 100})
    town = quota.set_quota(by=xian, place=TOWNSHIP, year=YEAR, method="given", factors={"given": 100})
    share = {"population": 1000, "rate": 5}
    with pytest.raises(ProcedureError, match="上浮上限"):
        quota.set_quota(by=xian, place=VILLAGE, year=YEAR, method="rate", factors=share, amount=56, reason="多报")
    with pytest.raises(ProcedureError, match="调整原因"):
        quota.set_quota(by=xian, place=VILLAGE, year=YEAR, method="rate", factors=share, amount=55)
    shares = {VILLAGE: Share(share, 55, "病残户多"), factories.NEXT_VILLAGE: Share(share)}
    with pytest.raises(ProcedureError, match="核减 5 人"):
        quota.divide_quota(by=xian, quota=town, method="rate", shares=shares)
    assert Quota.objects.filter(parent=town).count() == 0
    shares[factories.NEXT_VILLAGE] = Share(share, 45, "核减")
    quota.divide_quota(by=xian, quota=town, method="rate", shares=shares)
    assert quota.confirm_quotas(by=xian, quota=whole) == 1 and quota.confirm_quotas(by=xian, quota=town) == 2
    with pytest.raises(ProcedureError, match="已经下达"):
        quota.set_quota(by=xian, place=VILLAGE, year=YEAR, method="given", factors={"given": 1})


def test_a_division_is_handed_down_only_when_complete(xian):
    town_above = quota.set_quota(by=xian, place=COUNTY, year=YEAR, method="given", factors={"given": 100})
    with pytest.raises(ProcedureError, match="还没有分解规模"):
        quota.confirm_quotas(by=xian, quota=town_above)
    quota.set_quota(by=xian, place=TOWNSHIP, year=YEAR, method="given", factors={"given": 99})
    with pytest.raises(ProcedureError, match="与核定 100 人不符"):
        quota.confirm_quotas(by=xian, quota=town_above)
    with pytest.raises(ProcedureError, match="上级还没有核定"):
        quota.set_quota(by=xian, place=VILLAGE, year=2019, method="given", factors={"given": 1})
    with pytest.raises(PermissionDenied):
        quota.set_quota(
            by=factories.posted("township_officer"), place=VILLAGE, year=YEAR, method="given", factors={"given": 1}
        )


def test_an_identification_beyond_the_villages_scale_is_refused():
    world = World(households=3, kind="identification")
    Quota.objects.create(
        place_id=VILLAGE, year=YEAR, method="given", computed=5, amount=5, confirmed_on=world.day, by=world.xian
    )
    batch = world.until(world.start(), "township_review")
    with world.at():
        world.supply(batch)
        with pytest.raises(ProcedureError, match="本类名单合计 6 人，超过核定规模 5 人"):
            reviews.township_review(by=world.zhen, batch=batch)


# Village exit


POSTED = ("notice", "announcement")


def village_world(population=1000, poor=10):
    world = World(households=0, kind="village_exit")
    factories.village_profile(VILLAGE, population=population, collective_income=Decimal(20000))
    for _ in range(poor):
        factories.household(members=2)
    return world


def declare(world, batch):
    codes = ("infrastructure", "public_service", "industry")
    village_exit.declare_values(by=world.cadre, batch=batch, values={code: (Decimal(1), "") for code in codes})


def village_do(world, batch):
    """The village's own application, then as any list."""
    if batch.step.kind == "application":
        with world.at():
            declare(world, batch)
    return world.do(batch)


def test_a_village_leaves_by_its_indicators():
    world = village_world()
    batch = world.start(household_ids=())
    rate = batch.indicator_values.get(indicator__code="poverty_rate")
    assert (rate.computed, rate.computed_note) == (Decimal("2.0000"), "未脱贫 20 人 ÷ 总人口 1000 人")
    while batch.state == "running":
        batch = village_do(world, batch)
    assert VillageProfile.objects.get(pk=VILLAGE).delisted_year == YEAR
    line = batch.notices.filter(type="notice").get().lines.get()
    assert (line.masked_name, line.persons, line.category) == ("泉秀村", 1000, "拟退出贫困村")
    on_paper_a_village_is_a_village(batch)


def on_paper_a_village_is_a_village(batch):
    """The board names no heads and counts no households; the announcement tells of no meeting, as there was none."""
    hung, told = (notice_paper(batch.notices.get(type=kind), "https://gongshi.example").sheets[0] for kind in POSTED)
    grid = next(block for block in hung.blocks if isinstance(block, Grid))
    assert grid.heads[1] == "村" and "村名单予以公示" in hung.blocks[0].text
    assert not any("户" in getattr(block, "text", "") for block in told.blocks)
    assert "经公示、乡镇审核和县审定" in told.blocks[0].text
    (form,) = village_sheets(batch, [])
    opinions = [block for block in form.blocks if isinstance(block, Box)]
    assert "村支书：张三" in opinions[0].signers[0] and form.blocks[-1].day != BLANK_DAY


@pytest.mark.parametrize(("people", "passes"), [(29, True), (30, False)])
def test_the_west_may_have_up_to_three_per_cent(people, passes):
    world = village_world(poor=0)
    row = factories.household()
    for _ in range(people):
        factories.member(row, relation="01" if not row.members.exists() else "03")
    batch = world.start(household_ids=())
    with world.at():
        declare(world, batch)
    unmet = village_exit.unmet(batch)
    assert (unmet == []) is passes
    assert passes or unmet == ["“贫困发生率”未达标，本村不能退出。"]


def test_computed_declared_and_confirmed_values_stay_apart():
    world = village_world()
    batch = world.start(household_ids=())
    with world.at():
        declare(world, batch)
        income = {"collective_income": (Decimal(50000), "含预收")}
        village_exit.declare_values(by=world.cadre, batch=batch, values=income)
        with pytest.raises(ProcedureError, match="是或否"):
            village_exit.declare_values(by=world.cadre, batch=batch, values={"industry": (Decimal(3), "")})
        with pytest.raises(ProcedureError, match="现在的步骤是"):
            village_exit.confirm_values(by=world.zhen, batch=batch, values={"industry": (Decimal(0), "")})
    batch = village_do(world, batch)
    with world.at():
        village_exit.confirm_values(by=world.zhen, batch=batch, values={"industry": (Decimal(0), "没有产业")})
        world.supply(batch)
        with pytest.raises(ProcedureError, match="产业发展有支撑”未达标"):
            reviews.township_review(by=world.zhen, batch=batch)
    judged = {each.value.indicator.code: each for each in village_exit.judge(batch)}
    income = judged["collective_income"]
    assert (income.value.declared, income.value.computed, income.origin, income.differs) == (
        Decimal(50000), Decimal(20000), "系统计算", True,
    )  # fmt: skip
    assert (judged["industry"].value.declared, judged["industry"].met) == (1, False)


# The clock


def test_the_clock_closes_notices_once_and_reminds():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        posted = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
        world.supply(batch)
        assert watch.tick()["closed"] == 0
        assert watch.tick() == {"closed": 0, "added": 0, "ended": 0}
    world.day = posted.ends_on + timedelta(3)
    with world.at():
        world.photograph(batch)
        first = watch.tick()
        assert first["closed"] == 1 and watch.tick() == {"closed": 0, "added": 0, "ended": 0}
    batch.refresh_from_db()
    assert batch.step.code == "township_review"
    record = batch.records.get(step__code="notice_1")
    assert record.by is None and record.level == "village"
    assert Notice.objects.get().closed_by is None


def test_a_notice_that_lacks_its_photo_stays_and_becomes_overdue():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        posted = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
    world.day = posted.ends_on + timedelta(4)
    with world.at():
        assert watch.tick()["closed"] == 0
        mine = list(selectors.reminders(world.cadre))
        assert [each.type for each in mine] == ["overdue"] and "已逾期" in mine[-1].text
        assert list(selectors.due_batches(world.cadre, clock.today())) == [batch]
        assert not selectors.reminders(factories.posted("village_cadre", factories.NEXT_VILLAGE)).exists()
        papers.attach_paper(by=world.cadre, batch=batch, kind="board_photo", file=picture(), moment="start")
        world.photograph(batch)
        assert watch.tick()["closed"] == 1
    assert not Reminder.objects.filter(done_at=None, right="notice_post").exists()


def test_objections_are_reminded_of():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "notice_1")
    with world.at():
        posted = notices.post_notice(by=world.cadre, batch=batch, board="公示栏")
        one = objections.receive_objection(by=None, notice=posted, text="他家在县城有商品房一套")
        watch.tick()
        assert [each.objection for each in selectors.reminders(world.zhen) if each.objection] == [one]
        assert list(selectors.due_objections(world.zhen)) == [one]
    world.day = one.due_on + timedelta(1)
    with world.at():
        watch.tick()
    assert Reminder.objects.filter(objection=one, type="overdue").count() == 1


# Reading


def test_the_board_counts_lists_households_and_people():
    world = World(households=2)
    batch = world.until(world.start("exit-national"), "township_review")
    with world.at():
        cards = {card.code: card for card in selectors.board(world.xian, kind="exit", year=YEAR)}
    township = cards["township"]
    assert (township.batches, township.households, township.people, township.overdue) == (1, 2, 4, 0)
    assert sum(card.batches for card in cards.values()) == 1
    row = selectors.table_rows(selectors.table(selectors.batches(world.xian, bucket="township")))[0]
    assert (row.batch, row.households, row.people, row.step_number, row.steps) == (batch, 2, 4, 5, 8)
    assert row.notice.state == "closed" and row.left is None and row.warnings == []
    Household.objects.get(pk=world.households[0].pk).annual_records.update(food=False)
    again = selectors.table_rows(selectors.table(selectors.batches(world.zhen)))[0]
    assert again.warnings == ["1 户评议后有变更"]


def test_strangers_see_no_list():
    world = World(households=1)
    world.start("exit-national")
    for role, place in (
        ("village_cadre", factories.NEXT_VILLAGE),
        ("township_officer", factories.OTHER_TOWNSHIP),
        ("county_officer", factories.OTHER_COUNTY),
        ("accounts_admin", COUNTY),
    ):
        stranger = factories.posted(role, place)
        assert not selectors.batches(stranger).exists() and not selectors.due_batches(stranger, clock.today()).exists()


def test_the_page_tells_what_is_missing_and_who_acts():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "township_review")
    page = selectors.batch_page(world.zhen, batch)
    assert page.may_act and any("还没有上传：审核表" in text for text in page.missing)
    assert [line.state for line in page.steps] == ["done"] * 4 + ["current"] + ["later"] * 3
    assert selectors.batch_page(world.cadre, batch).why_not == "“乡镇核查”由乡镇一级办理。"
    assert list(selectors.due_batches(world.zhen, clock.today())) == [batch]
    assert not selectors.due_batches(world.xian, clock.today()).exists()


def test_many_lists_are_reviewed_at_once_and_refusals_are_told():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "township_review")
    assert reviews.review_many(by=world.zhen, batch_ids=[batch.pk], kind="township_review")[0][1] == looked.UNOPENED
    looked.look(world.zhen, batch)
    refused = reviews.review_many(by=world.zhen, batch_ids=[batch.pk], kind="township_review")
    assert refused[0][1].startswith("“乡镇核查”还不能办结")
    with world.at():
        world.supply(batch)
        assert reviews.review_many(by=world.zhen, batch_ids=[batch.pk], kind="township_review") == [(batch.pk, "")]
        batch.refresh_from_db()
        approved_only_once_somebody_looked(world, world.until(batch, "announcement"))


def approved_only_once_somebody_looked(world, batch):
    job = factories.job(world.xian, params={"batches": [batch.pk], "board": "", "hotline": ""})
    [told] = jobs._approve_one(job, str(batch.pk)).report["refused"]
    assert told["reason"] == looked.UNOPENED
    looked.look(world.xian, batch)
    assert jobs._approve_one(job, str(batch.pk)).changed == 1


def test_many_lists_outside_the_scope_are_left_out():
    world = World(households=1)
    batch = world.until(world.start("exit-national"), "township_review")
    stranger = factories.posted("township_officer", factories.OTHER_TOWNSHIP)
    assert reviews.review_many(by=stranger, batch_ids=[batch.pk], kind="township_review") == []


def test_a_village_with_open_lists_is_not_merged():
    world = World(households=1)
    batch = world.draft()
    with pytest.raises(ProcedureError, match="先办结或终止"):
        batches.refuse_village_move(VILLAGE, factories.NEXT_VILLAGE, None, world.xian)
    with world.at():
        batches.stop_batch(by=world.cadre, batch=batch, reason="并村")
    assert batches.refuse_village_move(VILLAGE, factories.NEXT_VILLAGE, None, world.xian) == 0


def test_shipped_rows_are_shipped_once():
    before = (ProcedureTemplate.objects.count(), TemplateStep.objects.count())
    assert ship(ProcedureTemplate, TemplateStep, IndicatorSet, Indicator) == 0
    assert before == (ProcedureTemplate.objects.count(), TemplateStep.objects.count()) and before[0] == 13
