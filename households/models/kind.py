"""A kind of procedure as a row: words, who may stand on its lists, what it needs to know, what an approval does."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from households.models.standing import StandingClass
from povreg.kit.history import tracked
from povreg.kit.scopes import county_of
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


class KindQuerySet(ScopedQuerySet):
    def visible_to(self, user: object) -> "KindQuerySet":
        """National kinds and those of the user's counties."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        counties = {county_of(code) for _role, code in user.postings_today()}  # type: ignore[attr-defined]
        return self.filter(Q(place__isnull=True) | Q(place_id__in=counties))

    def active(self) -> "KindQuerySet":
        return self.filter(is_active=True)


@tracked()
class ProcedureKind(models.Model):
    """One kind, national (``place`` null, shipped as data) or made by a county on its pages.

    ``fits`` and ``conditions`` are lists of conditions over facts and standing (households.procedures.engine.asked):
    who may be put on a list, and what must hold of everybody on it, each with what is said where it does not.
    ``gives`` is the class that an approval begins, ``ends`` those it ends, ``supports``: it decides on support as the
    comprehensive assessment of the year proposed; ``runs`` are the policies that run on then, each with ``policy``,
    ``months`` (null: without an end) and the ``outcome`` under which it does. ``year_from`` and ``year_to`` say when it
    is on offer.
    """

    code = models.CharField("代码", max_length=20, unique=True, db_collation="C")
    place = models.ForeignKey(
        "villages.Place", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用地区"
    )
    label = models.CharField("名称", max_length=20)
    planned = models.CharField("公示类别", max_length=40, help_text="例如：拟认定农村低收入人口")
    found = models.CharField("公示理由", max_length=80)
    gives = models.ForeignKey(
        StandingClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="纳入的类别"
    )
    ends = ArrayField(models.CharField(max_length=16), verbose_name="终止的类别", default=list, blank=True)
    supports = models.BooleanField("决定帮扶是否延续", default=False)
    runs = models.JSONField("延续的政策", default=list)
    fits = models.JSONField("可以列入的户", default=list)
    conditions = models.JSONField("条件", default=list)
    takes_ordinary = models.BooleanField("可以列入普通农户", default=False)
    applied_for = models.BooleanField("由农户申请", default=False)
    authorised = models.BooleanField("须承诺授权", default=False)
    year_from = models.PositiveSmallIntegerField("起始年度")
    year_to = models.PositiveSmallIntegerField("截止年度", null=True, blank=True)
    source = models.CharField("依据", max_length=300)
    is_active = models.BooleanField("启用", default=True)
    created_by = models.ForeignKey(
        "villages.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="制定人"
    )
    created_at = models.DateTimeField("制定时间", auto_now_add=True)

    scope = Scope(place="place_id", right=Right.BATCH_VIEW)
    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "程序种类"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(year_to=None) | Q(year_to__gte=F("year_from")), name="kind_years"),
            models.CheckConstraint(
                condition=Q(gives__isnull=False) | ~Q(ends=[]) | Q(supports=True), name="kind_does_something"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def on_offer(self, year: int) -> bool:
        return self.year_from <= year and (self.year_to is None or year <= self.year_to)

    @property
    def facts(self) -> dict[str, Any]:
        """What a procedure is made of."""
        return {"planned": (self.planned, self.found), "takes_ordinary": self.takes_ordinary}
