"""Village exit (policy.md 2.3, 2.5, 2.15): what the register computes, what the village declares, what a reviewer
confirms, side by side for every indicator of the set that holds at the place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt

from django.db.models import Count, Q
from django.db.models.functions import Length
from django.utils import timezone

from households.figures.joined import with_their_year
from households.models import Assessment, Batch, Household, Indicator, IndicatorSet, IndicatorValue, Member, Paper
from households.models.codes import REGISTERED_POOR
from households.models.template import Kind, PaperKind, StepKind
from households.procedures.engine.errors import ProcedureError
from households.procedures.engine.stage import enter, locked
from households.standing.selectors import of_year, with_exit_status
from povreg.kit.history import act
from povreg.kit.scopes import ancestors, within
from villages.models import User, VillageProfile
from villages.periods.selectors import office_name

WEST = frozenset(("15", "45", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"))
"""Provinces of western China, where the rate may be up to 3 % (policy.md 2.3)."""
PERCENT = Decimal(100)
Computed = tuple[Decimal | None, str]


def poverty_rate(place_code: str, year: int) -> Computed:
    """People of the households that were poor at the end of the year ÷ population of the villages, in per cent
    (policy.md 2.5)."""
    rows = Household.objects.filter(within("village_id", place_code))
    poor = with_exit_status(of_year(rows, year), REGISTERED_POOR, year)
    people = with_their_year(Member.objects.all(), year).filter(lived__household__in=poor).count()
    profiles = VillageProfile.objects.filter(within("village_id", place_code))
    population = sum(number or 0 for number in profiles.values_list("population", flat=True))
    if not population:
        return None, f"未脱贫 {people} 人；村总人口没有登记，请先在村基本情况中填写。"
    return _round(PERCENT * people / population), f"未脱贫 {people} 人 ÷ 总人口 {population} 人"


def collective_income(place_code: str, year: int) -> Computed:
    profile = VillageProfile.objects.filter(pk=place_code).first()
    if profile is None or profile.collective_income is None:
        return None, "村集体经济收入没有登记。"
    return profile.collective_income, "村基本情况"


def _share_of(criterion: str) -> Callable[[str, int], Computed]:
    """Share of the judged households of the register that meet a criterion, in per cent."""

    def share(place_code: str, year: int) -> Computed:
        rows = Assessment.objects.filter(within("village_id", place_code), year=year, counted=True)
        counted = rows.aggregate(
            every=Count("pk"),
            unmet=Count("pk", filter=Q(failed__contains=[criterion]) | Q(missing__contains=[criterion])),
        )
        if not counted["every"]:
            return None, f"{year} 年还没有评定结果。"
        met = counted["every"] - counted["unmet"]
        return _round(PERCENT * met / counted["every"]), f"建档立卡户 {met} 户达标 ÷ {counted['every']} 户"

    return share


def education_all(place_code: str, year: int) -> Computed:
    rows = Assessment.objects.filter(within("village_id", place_code), year=year, counted=True)
    if not rows.exists():
        return None, f"{year} 年还没有评定结果。"
    unmet = rows.filter(Q(failed__contains=["education"]) | Q(missing__contains=["education"])).count()
    return Decimal(int(not unmet)), f"义务教育未达标或未登记 {unmet} 户"


def _round(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))


COMPUTED: dict[str, Callable[[str, int], Computed]] = {
    "poverty_rate": poverty_rate,
    "collective_income": collective_income,
    "education_all": education_all,
    **{f"{code}_rate": _share_of(code) for code in ("housing", "medical", "water", "power", "broadcast")},
}


def set_for(place_code: str, subject: str = IndicatorSet.Subject.VILLAGE) -> IndicatorSet:
    """The indicator set that holds at a place. Raises ProcedureError where there is none."""
    holding = Q(place=None) | Q(place_id__in=[*ancestors(place_code), place_code])
    rows = IndicatorSet.objects.filter(holding, is_active=True, subject=subject)
    found = rows.order_by(Length("place_id").desc(nulls_last=True), "-is_default", "-version").first()
    if found is None:
        raise ProcedureError(f"没有启用的村退出指标体系，请{office_name(place_code)}先启用一套。")
    return found


def prepare(batch: Batch) -> None:
    """Lay out the indicators of a new list and compute what the register knows. Raises ProcedureError for a village
    that is not poor, or was delisted already."""
    demand_poor(batch)
    chosen = set_for(batch.place_id)
    IndicatorValue.objects.bulk_create(IndicatorValue(batch=batch, indicator=each) for each in chosen.indicators.all())
    compute_values(batch)


def demand_poor(batch: Batch) -> None:
    """Raise ProcedureError unless the village is registered as poor and not delisted."""
    profile = VillageProfile.objects.filter(pk=batch.place_id).first()
    if profile is None or not profile.is_poor:
        raise ProcedureError(f"{batch.place}没有登记为贫困村，不办理贫困村退出。登记有误的，请先更正村基本情况。")
    if profile.delisted_year:
        raise ProcedureError(f"{batch.place}已于 {profile.delisted_year} 年退出，不能再次退出。")


def compute_values(batch: Batch) -> int:
    """Compute again what the register knows of a village; declared and confirmed values are not touched."""
    rows = [row for row in batch.indicator_values.select_related("indicator") if row.indicator.source_code in COMPUTED]
    for row in rows:
        value, note = COMPUTED[row.indicator.source_code](batch.place_id, batch.year)
        row.computed, row.computed_note, row.computed_at = value, note, timezone.now()
    IndicatorValue.objects.bulk_update(rows, ["computed", "computed_note", "computed_at"])
    return len(rows)


def declare_values(*, by: User | None, batch: Batch, values: Mapping[str, tuple[Decimal, str]]) -> int:
    """What the village says of its indicators (code to value and note). Raises ProcedureError, PermissionDenied."""
    return _write(by, batch, values, "declared", StepKind.APPLICATION)


def confirm_values(*, by: User | None, batch: Batch, values: Mapping[str, tuple[Decimal, str]]) -> int:
    """What a reviewer holds of the indicators. Raises ProcedureError, PermissionDenied."""
    return _write(by, batch, values, "confirmed", StepKind.TOWNSHIP_REVIEW, StepKind.COUNTY_REVIEW)


def _write(by: User | None, batch: Batch, values: Mapping[str, tuple[Decimal, str]], which: str, *kinds: str) -> int:
    verb = "declare_indicators" if which == "declared" else "confirm_indicators"
    with act(by=by, verb=verb):
        row = locked(batch)
        if row.kind != Kind.VILLAGE_EXIT:
            raise ProcedureError("只有贫困村退出名单才有指标。")
        enter(by, row, *kinds)
        known = {each.indicator.code: each for each in row.indicator_values.select_related("indicator")}
        if set(values) - set(known):
            raise ProcedureError("没有这项指标，请刷新页面后再填。")
        for code, (value, text) in values.items():
            each = known[code]
            if which == "confirmed":
                _demand_shown(row, each, value, text)
            if each.indicator.value == Indicator.Value.YES_NO and value not in (0, 1):
                raise ProcedureError(f"“{each.indicator.label}”请填写是或否。")
            setattr(each, which, value)
            setattr(each, f"{which}_note", text.strip()[:200])
            setattr(each, f"{which}_by", by)
        changed = [known[code] for code in values]
        IndicatorValue.objects.bulk_update(changed, [which, f"{which}_note", f"{which}_by"])
    return len(changed)


def _demand_shown(batch: Batch, row: IndicatorValue, value: Decimal, text: str) -> None:
    """A confirmed value that differs from the computed one says why, and the evidence lies with the list."""
    if row.computed is None or value == row.computed:
        return
    label = row.indicator.label
    if not text.strip():
        raise ProcedureError(f"“{label}”认定 {value}，与系统计算的 {row.computed} 不同，请写明原因。")
    if not Paper.objects.filter(batch=batch, kind=PaperKind.EVIDENCE, removed_at=None).exists():
        raise ProcedureError(f"“{label}”的认定与系统计算不同，请先上传佐证材料。")


@dataclass(frozen=True)
class Judged:
    """One indicator as it stands: the value that counts, where it is from, and whether it meets the threshold (None
    while there is no value)."""

    value: IndicatorValue
    counts: Decimal | None
    origin: str
    threshold: Decimal | None
    met: bool | None
    differs: bool


def asked_words(each: Judged) -> str:
    """What the indicator asks: 小于 3, or 是."""
    indicator = each.value.indicator
    if indicator.value == Indicator.Value.YES_NO or each.threshold is None:
        return "是"
    return f"{indicator.get_operator_display()} {each.threshold.normalize():f}"


def value_words(each: Judged) -> list[str]:
    """What was computed, declared and confirmed, in words."""
    row = each.value
    return [_shown(row.indicator, value) for value in (row.computed, row.declared, row.confirmed)]


def _shown(indicator: Indicator, value: Decimal | None) -> str:
    if value is None:
        return "—"
    return ("是" if value else "否") if indicator.value == Indicator.Value.YES_NO else f"{value:,.2f}"


_COMPARE = {"lt": lt, "le": le, "gt": gt, "ge": ge}


def judge(batch: Batch) -> list[Judged]:
    """Every indicator of a village's list: confirmed counts before computed, computed before declared."""
    west = batch.place_id[:2] in WEST
    return [_judge(row, west) for row in batch.indicator_values.select_related("indicator")]


def _judge(row: IndicatorValue, west: bool) -> Judged:
    known = (("审核认定", row.confirmed), ("系统计算", row.computed), ("村填报", row.declared))
    origin, counts = next(((name, value) for name, value in known if value is not None), ("", None))
    indicator = row.indicator
    threshold = indicator.threshold_west if west and indicator.threshold_west is not None else indicator.threshold
    met = None if counts is None else _meets(indicator, counts, threshold)
    differs = len({value for _, value in known if value is not None}) > 1
    return Judged(row, counts, origin, threshold, met, differs)


def _meets(indicator: Indicator, value: Decimal, threshold: Decimal | None) -> bool:
    if indicator.operator == Indicator.Operator.YES or threshold is None:
        return value == 1
    return bool(_COMPARE[indicator.operator](value, threshold))


def unmet(batch: Batch) -> list[str]:
    """Sentences for the required indicators that are not met or not known."""
    found = []
    for each in judge(batch):
        label = each.value.indicator.label
        if each.value.indicator.required and not each.met:
            found.append(
                f"“{label}”还没有数值，请填报或认定。" if each.met is None else f"“{label}”未达标，本村不能退出。"
            )
    return found
