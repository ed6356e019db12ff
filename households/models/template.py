"""Procedures as data: a template is an ordered list of steps, versioned, pinned to a batch when it starts."""

from collections.abc import Callable
from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from povreg.kit.history import tracked
from povreg.kit.scopes import county_of
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class Kind(models.TextChoices):
    """What a procedure does to the register (policy.md sections 1, 2, 6): the kinds declared in code. Others are rows
    (households.models.kind)."""

    IDENTIFICATION = "identification", "贫困户识别"
    EXIT = "exit", "脱贫退出"
    RETURN = "return", "返贫"
    REMOVAL = "removal", "清退"
    MONITOR_IN = "monitor_in", "监测对象纳入"
    MONITOR_OUT = "monitor_out", "风险消除"
    VILLAGE_EXIT = "village_exit", "贫困村退出"
    COUNTY_EXIT = "county_exit", "贫困县退出"


_tellers: list[Callable[[str], str]] = []


def name_kinds(teller: Callable[[str], str]) -> None:
    """Have ``teller`` say what kinds are called that are rows (``ProcedureKind``), not members of :class:`Kind`."""
    _tellers[:] = [teller]


def kind_label(code: str) -> str:
    """What a kind is called; the code itself where nobody knows it."""
    if code in Kind.values:
        return str(Kind(code).label)
    return _tellers[0](code) if _tellers else code


class StepKind(models.TextChoices):
    """What is done in a step; each kind has its verb in households.procedures."""

    APPLICATION = "application", "申请"
    SURVEY = "survey", "入户调查"
    NOMINATION = "nomination", "小组评议"
    VERIFICATION = "verification", "核实"
    COMPARISON = "comparison", "比对"
    CONSENT = "consent", "农户认可"
    APPRAISAL = "appraisal", "民主评议"
    NOTICE = "notice", "公示"
    TOWNSHIP_REVIEW = "township_review", "乡镇审核"
    COUNTY_REVIEW = "county_review", "县级审定"
    ANNOUNCEMENT = "announcement", "公告"
    FILING = "filing", "批复录入"
    EXTERNAL = "external", "上级程序"


class Level(models.TextChoices):
    HOUSEHOLD = "household", "农户"
    GROUP = "group", "村民小组"
    VILLAGE = "village", "行政村"
    TOWNSHIP = "township", "乡镇"
    COUNTY = "county", "县"
    ABOVE = "above", "县以上"


class DayRule(models.TextChoices):
    CALENDAR = "calendar", "日"
    WORKING = "working", "工作日"


class PaperKind(models.TextChoices):
    """What may have to be attached to a step (policy.md 1.17)."""

    APPLICATION = "application", "农户申请书"
    SURVEY_FORM = "survey_form", "入户核查表"
    MINUTES = "minutes", "会议记录"
    MEETING_PHOTO = "meeting_photo", "会议照片"
    SIGN_IN = "sign_in", "会议签到表"
    BOARD_PHOTO = "board_photo", "张贴照片"
    CONSENT_FORM = "consent_form", "农户认可书"
    COMPARISON = "comparison", "比对结果"
    REVIEW_FORM = "review_form", "审核表"
    APPROVAL = "approval", "批复文件"
    EVIDENCE = "evidence", "佐证材料"
    OTHER = "other", "其他"


class Capacity(models.TextChoices):
    """In what capacity somebody signs, in the prescribed order of levels (dictionary.md 6.1)."""

    HEAD = "head", "户主"
    GROUP_LEADER = "group_leader", "村民小组长"
    SURVEYOR = "surveyor", "调查人"
    VILLAGE_SECRETARY = "village_secretary", "村支书"
    VILLAGE_DIRECTOR = "village_director", "村主任"
    FIRST_SECRETARY = "first_secretary", "第一书记"
    TEAM_LEADER = "team_leader", "驻村工作队长"
    TOWNSHIP_OFFICE = "township_office", "乡镇经办机构"
    TOWNSHIP_LEADER = "township_leader", "乡镇党政主要负责人"
    COUNTY_OFFICE = "county_office", "县主管部门"
    COUNTY_LEADER = "county_leader", "县领导小组"


CAPACITY_LEVEL: dict[str, Level] = {
    Capacity.HEAD: Level.HOUSEHOLD,
    Capacity.GROUP_LEADER: Level.GROUP,
    Capacity.SURVEYOR: Level.VILLAGE,
    Capacity.VILLAGE_SECRETARY: Level.VILLAGE,
    Capacity.VILLAGE_DIRECTOR: Level.VILLAGE,
    Capacity.FIRST_SECRETARY: Level.VILLAGE,
    Capacity.TEAM_LEADER: Level.VILLAGE,
    Capacity.TOWNSHIP_OFFICE: Level.TOWNSHIP,
    Capacity.TOWNSHIP_LEADER: Level.TOWNSHIP,
    Capacity.COUNTY_OFFICE: Level.COUNTY,
    Capacity.COUNTY_LEADER: Level.COUNTY,
}


def choice_list(label: str, choices: type[models.TextChoices]) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=20, choices=choices.choices), verbose_name=label, default=list, blank=True
    )


class TemplateQuerySet(ScopedQuerySet):
    def visible_to(self, user: object) -> "TemplateQuerySet":
        """National templates and those of the user's counties."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        counties = {county_of(code) for _role, code in user.postings_today()}  # type: ignore[attr-defined]
        return self.filter(Q(place__isnull=True) | Q(place_id__in=counties))

    def active(self) -> "TemplateQuerySet":
        return self.filter(is_active=True)


@tracked()
class ProcedureTemplate(models.Model):
    """One version of one procedure. ``place`` null: shipped for the whole country; a county's own version names it.

    A template that a county has taken over for ``identification`` switches that county to identification by
    procedure: new households are candidates until a batch approves them (docs/decisions/0010-procedures.md).
    ``signature_gap_days`` is the least distance between the signature dates of village, township and county.
    """

    code = models.CharField("代码", max_length=40, db_collation="C")
    kind = models.CharField("种类", max_length=20)
    name = models.CharField("名称", max_length=60)
    version = models.PositiveSmallIntegerField("版本", default=1)
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    is_active = models.BooleanField("启用", default=True)
    is_default = models.BooleanField("默认", default=False)
    read_only = models.BooleanField("只作清单", default=False)
    source = models.CharField("依据", max_length=300)
    note = models.CharField("说明", max_length=300, blank=True)
    signature_gap_days = models.PositiveSmallIntegerField("各级签字间隔（天）", default=0)
    objection_days = models.PositiveSmallIntegerField("异议办理期限（工作日）", default=5)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="取代"
    )
    created_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="制定人"
    )
    created_at = models.DateTimeField("制定时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "程序模板"
        ordering = ["kind", "code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "place", "version"], nulls_distinct=False, name="template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"

    def get_kind_display(self) -> str:
        return kind_label(self.kind)


@tracked()
class TemplateStep(models.Model):
    """One step: who acts at which level, what must be attached, who signs, how many days, what comes next.

    ``days`` is the length of a notice, or the time a step may take (0: no limit); ``min_days`` is the legal minimum of
    a notice, which no version may go below. ``roles`` are values of villages.rights.Role. ``quorum`` is a
    fraction of the representatives as text ("2/3"). ``people`` is the least number of people who must take part.
    ``sample_percent`` of the entries are looked at again by the reviewer (at least one). A step with ``enabled`` off is
    passed over; only optional ones can be.
    """

    template = models.ForeignKey(ProcedureTemplate, models.PROTECT, related_name="steps", verbose_name="模板")
    position = models.PositiveSmallIntegerField("顺序")
    code = models.CharField("代码", max_length=30, db_collation="C")
    kind = models.CharField("类型", max_length=20, choices=StepKind.choices)
    label = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    roles = ArrayField(models.CharField(max_length=20), verbose_name="办理角色", default=list, blank=True)
    attachments = choice_list("必需附件", PaperKind)
    signers = choice_list("签字人", Capacity)
    quorum = models.CharField("到会比例", max_length=7, blank=True)
    people = models.PositiveSmallIntegerField("最少人数", default=0)
    sample_percent = models.DecimalField("抽查比例（%）", max_digits=4, decimal_places=1, default=0)
    days = models.PositiveSmallIntegerField("天数", default=0)
    min_days = models.PositiveSmallIntegerField("法定最短天数", default=0)
    day_rule = models.CharField("计日方式", max_length=10, choices=DayRule.choices, default=DayRule.CALENDAR)
    is_optional = models.BooleanField("可省略", default=False)
    enabled = models.BooleanField("启用", default=True)

    scope = Scope(place="template__place_id", right=Right.BATCH_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "程序步骤"
        ordering = ["template_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="step_position_once"),
            models.UniqueConstraint(fields=["template", "code"], name="step_code_once"),
            models.CheckConstraint(condition=Q(days__gte=F("min_days")), name="step_days_not_below_minimum"),
            models.CheckConstraint(condition=Q(enabled=True) | Q(is_optional=True), name="step_off_only_if_optional"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def quorum_share(self) -> Fraction:
        """The share of the representatives who must be present; 0 when the step asks for none."""
        return Fraction(self.quorum or "0")
