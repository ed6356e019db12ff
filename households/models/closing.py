"""Closed years (年度封存, design.md section 8): what a county reported of a year, kept as it was on the day of closing.

The rows of a closed year (verdicts, figures, what was surveyed) stay where they are, and the database refuses to have
them changed, whatever the tool. What follows from rows that go on living, who a person is and where he lived, is copied
here. A fact that comes later is kept beside them (:class:`LateFact`).
"""

from collections.abc import Sequence

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from povreg.kit.fields import CodeField, yes_no
from povreg.kit.history import tracked
from povreg.kit.scopes import COUNTY
from villages.models.period import CountyRowQuerySet
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet

REFUSED = "year_closed"
"""What the database calls its refusal (the constraint of the error)."""


def frozen_when_closed(place: str = "village_id", moves: Sequence[str] = ("village_id",)) -> list[pgtrigger.Trigger]:
    """Triggers of a table of years: rows of a closed year are neither added, changed nor deleted; ``moves`` are the
    columns that may follow a household to another village. One look at the closings a statement."""
    words = f"""RAISE EXCEPTION 'the year is closed (该年度已封存)'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{REFUSED}'"""
    closed = "SELECT FROM households_yearclosing z WHERE z.year = {0}.year AND z.county_id = left({0}.{1}, {2})"
    bare = "".join(f" - '{name}'" for name in moves)
    same = f"to_jsonb(n){bare} = to_jsonb(o){bare}"
    of = {alias: closed.format(alias, place, COUNTY) for alias in ("n", "o")}
    changed = f"FROM old_values o JOIN new_values n USING (id) WHERE (EXISTS ({of['o']}) OR EXISTS ({of['n']}))"
    found = {
        pgtrigger.Insert: ("closed_insert", f"FROM new_values n WHERE EXISTS ({of['n']})"),
        pgtrigger.Update: ("closed_update", f"{changed} AND NOT ({same})"),
        pgtrigger.Delete: ("closed_delete", f"FROM old_values o WHERE EXISTS ({of['o']})"),
    }
    old, new = {"old": "old_values"}, {"new": "new_values"}
    seen = {pgtrigger.Insert: new, pgtrigger.Update: old | new, pgtrigger.Delete: old}
    return [
        pgtrigger.Trigger(
            name=name,
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**seen[operation]),
            func=f"IF EXISTS (SELECT FROM households_yearclosing) AND EXISTS (SELECT {rows}) THEN {words}; END IF;"
            " RETURN NULL;",
        )
        for operation, (name, rows) in found.items()
    ]


@tracked()
class YearClosing(models.Model):
    """A county closed a year: who, when, what was missing and why it was closed all the same (``sheet``, ``reason``).

    ``digest`` is the SHA-256 of all that was closed: the digests of the households (:class:`ClosedHousehold`) and of
    the figures of every place (``figures``: place code to digest). ``columns`` names the columns they were made of, so
    that a column added later changes none.
    """

    county = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="县")
    year = models.PositiveSmallIntegerField("年度")
    closed_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="封存人"
    )
    closed_at = models.DateTimeField("封存时间", auto_now_add=True)
    sheet = models.JSONField("清点数", default=dict)
    reason = models.CharField("仍然封存的理由", max_length=200, blank=True)
    households = models.PositiveIntegerField("户数")
    people = models.PositiveIntegerField("人数")
    digest = models.CharField("校验值", max_length=64)
    figures = models.JSONField("统计数校验值", default=dict)
    columns = models.JSONField("封存的项", default=dict)

    objects = CountyRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度封存"
        ordering = ["county_id", "-year"]
        triggers = [pgtrigger.Protect(name="closed_once", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.UniqueConstraint(fields=["county", "year"], name="year_closed_once")]

    def __str__(self) -> str:
        return f"{self.year}年"


class ClosedHousehold(models.Model):
    """A household of a closed year's list: where it was counted, and the digest of its verdict, its record and its
    people of the year. ``village`` is where it lives now, for who may see it."""

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="closed_years", verbose_name="户"
    )
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    year = models.PositiveSmallIntegerField("年度")
    counted_in = models.CharField("当年所在村", max_length=12, db_collation="C")
    household_no = models.CharField("户编号", max_length=24)
    head_name = models.CharField("户主", max_length=40, blank=True)
    poor = models.BooleanField("贫困村")
    other_causes = ArrayField(CodeField(code_table="cause"), verbose_name="其他致贫原因", default=list)
    digest = models.CharField("校验值", max_length=64)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "封存的户"
        triggers = frozen_when_closed()
        constraints = [models.UniqueConstraint(fields=["household", "year"], name="closed_household_once")]
        indexes = [models.Index(fields=["year", "village"], name="closed_household_place_idx")]


class CountedPerson(models.Model):
    """A person counted in a closed year, as known when it was closed: in which household, where, under which relation,
    with the facts that reports count people by. What was surveyed for the year stays in his row of the year."""

    member = models.ForeignKey(
        "households.Member", models.PROTECT, related_name="counted_years", verbose_name="成员", db_index=False
    )
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", verbose_name="户")
    village = models.ForeignKey(
        "villages.Place", models.PROTECT, related_name="+", verbose_name="行政村", db_index=False
    )
    year = models.PositiveSmallIntegerField("年度")
    counted_in = models.CharField("当年所在村", max_length=12, db_collation="C")
    counted = models.BooleanField("计入统计")
    relation = CodeField("与户主关系", code_table="relation")
    sex = CodeField("性别", code_table="sex")
    birth_date = models.DateField("出生日期", null=True)
    ethnicity = CodeField("民族", code_table="ethnicity")
    political = CodeField("政治面貌", code_table="political")
    education = CodeField("文化程度", code_table="education")
    school_status = CodeField("在校生状况", code_table="school_status")
    health = CodeField("健康状况", code_table="health")
    labour = CodeField("劳动技能", code_table="labour")
    work_place = CodeField("务工地点", code_table="work_place")
    work_months = models.PositiveSmallIntegerField("务工时间（月）", null=True)
    ins_major = yes_no("大病保险")

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "封存的人"
        triggers = frozen_when_closed()
        constraints = [models.UniqueConstraint(fields=["member", "year"], name="counted_person_once")]
        indexes = [models.Index(fields=["year", "village"], name="counted_person_place_idx")]


@tracked()
class LateFact(models.Model):
    """A fact dated into a year that was closed: who entered it, when, why, and what it says. The rows of the year stay
    as they were closed; ``facts`` (column to [as closed, as it should be]) stand beside them."""

    class Kind(models.TextChoices):
        RECORD = "record", "年度记录"
        MEMBER = "member", "成员年度记录"
        EVENT = "event", "人员或户变动"
        STANDING = "standing", "身份更正"

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="late_facts", verbose_name="户")
    village = models.ForeignKey("villages.Place", models.PROTECT, related_name="+", verbose_name="行政村")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    member = models.ForeignKey(
        "households.Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="成员"
    )
    what = models.CharField("内容", max_length=300)
    facts = models.JSONField("事实", default=dict, blank=True)
    reason = models.CharField("封存后登记的理由", max_length=200)
    by = models.ForeignKey("villages.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "封存后更正"
        ordering = ["-at", "-id"]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]
        indexes = [
            models.Index(fields=["household", "year"], name="late_fact_household_idx"),
            models.Index(fields=["year", "village"], name="late_fact_place_idx"),
        ]
