"""What measures can be narrowed by, on the page and in the API."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from assistance.measures.paid import OF_LEDGER
from assistance.measures.rules import rules
from assistance.models import Measure
from assistance.models.catalogue import Batch, Kind, Nature
from assistance.models.measure import Misuse, Source
from povreg.kit.pages import filters
from villages.places.filters import InPlace

STANDING = (("standing", "有效"), ("running", "还在执行"), ("withdrawn", "已撤回"), ("all", "全部"))
DUE = [(str(days), f"{days} 天内") for days in rules().due_days]
PAID = (("yes", "有拨付记录"), ("no", "财政、行业、社会资金没有拨付记录"))
KINDS = [(str(code), str(label)) for code, label in Kind.choices if code]


class MeasureFilters(django_filters.FilterSet):
    place = InPlace(field_name="village_id", label="村")
    state = filters.Choice(choices=STANDING, label="状态", method="in_state")
    kind = filters.Choice(field_name="item__kind", choices=KINDS, label="办理类别")
    batch = filters.Choice(field_name="item__batch", choices=Batch.choices, label="五个一批")
    nature = filters.Choice(field_name="item__nature", choices=Nature.choices, label="帮扶方式")
    source = filters.Choice(choices=Source.choices, label="资金来源")
    risk = filters.Code(label="针对的风险", help_text="风险代码", method="with_risk")
    year = filters.Year(field_name="delivered_on__year", label="年度")
    household = filters.Whole(field_name="household_id", label="户", help_text="农户 id")

    item = filters.Word(
        field_name="item__code", lookup_expr="startswith", pattern=r"^[0-9]{1,8}$", label="措施编码",
        help_text="目录编码，或它的开头",
    )  # fmt: skip
    paid = filters.Choice(choices=PAID, label="项目资金", method="is_paid")
    misuse = filters.Choice(choices=Misuse.choices, label="贷款的问题")
    due = filters.Choice(choices=DUE, label="到期", method="due_within")

    def due_within(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        until = timezone.localdate() + timedelta(days=int(value))
        return rows.filter(pk__in=Measure.objects.running().filter(ends_on__lte=until).values("pk"))

    def is_paid(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        if value == "yes":
            return rows.filter(payment__isnull=False)
        return rows.filter(payment__isnull=True, source__in=OF_LEDGER.values(), amount__gt=0)

    def with_risk(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        return rows.filter(risks__contains=[value])

    def in_state(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        if value == "all":
            return rows
        if value == "withdrawn":
            return rows.filter(withdrawn_on__isnull=False)
        kept = Measure.objects.running() if value == "running" else Measure.objects.standing()
        return rows.filter(pk__in=kept.values("pk"))
