"""Forms of measures; every rule is the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from assistance.catalogue.selectors import limits_words
from assistance.measures.kinds import KINDS, PLAIN
from assistance.measures.paid import payments_for
from assistance.measures.services import OF_KINDS, given_of
from assistance.models import CatalogueItem, Disbursement, Measure, ResettlementSite
from assistance.models.catalogue import Kind, tiers_in
from assistance.models.measure import LoanUse, Misuse, Source
from households.models import Household, Member
from households.register.attachments import SUFFIXES
from povreg.kit.controls import Day
from povreg.kit.pages.forms import VersionedForm
from villages.codes.controls import Codes, Number, PlainSelect

CHOSEN = ("serves", "site")
SHOWN = (
    *("amount", "tier", "quantity", "payer", "source", "voucher", "effect", "ends_on", "risks"),
    *(name for name in OF_KINDS if name not in CHOSEN),
)


class MeasureForm(VersionedForm):
    """What was delivered; the entry of the catalogue is chosen already."""

    delivered_on = Day(label="落实日期")
    member = forms.ModelChoiceField(label="受益人", queryset=Member.objects.none(), required=False)
    amount = Number(label="金额（元）", max_digits=12, decimal_places=2, required=False)
    tier = forms.ChoiceField(label="档次", required=False, widget=PlainSelect)
    quantity = Number(label="数量", max_digits=10, decimal_places=2, required=False)
    source = forms.ChoiceField(
        label="资金来源", choices=[("", "请选择"), *Source.choices], required=False, widget=PlainSelect
    )
    payment = forms.ModelChoiceField(
        label="资金拨付", queryset=Disbursement.objects.none(), required=False, empty_label="不是从项目资金拨付的",
        help_text="选了的，来源、单位和凭证按拨付记录，不用再填。",
    )  # fmt: skip
    payer = forms.CharField(label="拨付（实施）单位", max_length=60, required=False)
    voucher = forms.CharField(label="凭证号", max_length=60, required=False)
    ends_on = Day(label="截止日期", required=False, help_text="贷款、合同、学段等到期的日子；一次性的不填。")
    effect = forms.CharField(label="成效", max_length=200, required=False, help_text="收入增加多少、问题解决没有。")
    paper = forms.FileField(
        label="凭据", required=False, help_text="照片或 PDF，不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )  # fmt: skip
    use = forms.ChoiceField(
        label="贷款用途", choices=[("", "请选择"), *LoanUse.choices], required=False, widget=PlainSelect,
        help_text="不得用于结婚、建房、理财、购买家庭用品，不得入股分红、转贷。",
    )  # fmt: skip
    area = Number(label="安置住房面积（平方米）", max_digits=7, decimal_places=2, required=False)
    site = forms.ModelChoiceField(
        label="安置点", queryset=ResettlementSite.objects.none(), required=False, empty_label="没有（分散安置）"
    )
    keys_on = Day(label="交钥匙日期", required=False)
    old_house_on = Day(label="旧房拆除日期", required=False)
    rate = Number(label="年利率（%）", max_digits=5, decimal_places=3, required=False, help_text="如 3.450；贴息要用。")
    serves = forms.ModelChoiceField(label="贴息的贷款", queryset=Measure.objects.none(), required=False)
    settled_on = Day(label="还清（离岗）日期", required=False, help_text="提前还清或离岗的填写。")
    misuse = forms.ChoiceField(
        label="发现的问题", choices=[("", "没有发现"), *Misuse.choices], required=False, widget=PlainSelect
    )
    risks = Codes("risk", label="针对的风险", required=False, help_text="不选的，按目录和本户的风险自动对应。")

    def __init__(
        self, *args: Any, household: Household, item: CatalogueItem, measure: Measure | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.household, self.item = household, item
        self.fields["delivered_on"].initial = timezone.localdate()
        chosen: Any = self.fields["member"]
        chosen.queryset = Member.objects.present().filter(household=household).order_by("person_no")
        chosen.label_from_instance = lambda person: person.name
        chosen.empty_label = "全户"
        self.fields["amount"].help_text = f"标准：{limits_words(item)}。" if limits_words(item) else ""
        for name in set(OF_KINDS) - set(KINDS.get(item.kind, PLAIN).asks):
            del self.fields[name]
        self._offer_tiers()
        self._offer_payments(measure)
        self._offer_chosen()
        if item.unit:
            self.fields["quantity"].label = f"数量（{item.unit}）"

    def _offer_tiers(self) -> None:
        """The classes that the amount goes by; no question where it goes by none."""
        tiers = tiers_in(self.item.tiers)
        if not tiers:
            del self.fields["tier"]
            return
        chosen: Any = self.fields["tier"]
        chosen.choices = [("", "按金额对应"), *((label, f"{label}（{yuan:,.0f} 元）") for label, yuan in tiers.items())]
        self.fields["amount"].help_text += "选了档次、填了数量的，金额可以不填。"

    def _offer_chosen(self) -> None:
        """The loans of the household, the sites of the person's places."""
        loans: Any = self.fields.get("serves")
        if loans is not None:
            loans.queryset = Measure.objects.standing().filter(household=self.household, item__kind=Kind.LOAN)
            loans.label_from_instance = loan_words
        sites: Any = self.fields.get("site")
        if sites is not None:
            sites.queryset = ResettlementSite.objects.visible_to(self.user)

    def _offer_payments(self, measure: Measure | None) -> None:
        """Those that are left; no question where there are none, nor where the person may not see the one named."""
        named = measure.payment_id if measure else None
        rows = payments_for(self.user, self.household, named)
        chosen: Any = self.fields["payment"]
        chosen.queryset, chosen.label_from_instance = rows, payment_words
        found = {row.pk for row in rows}
        if not found or (named and named not in found):
            del self.fields["payment"]

    @property
    def facts(self) -> dict[str, Any]:
        """What the verbs take."""
        data = self.cleaned_data
        return {
            "delivered_on": data["delivered_on"],
            "member": data["member"],
            "paper": data["paper"],
            "given": given_of({**data, "unlink": "payment" in self.fields and data["payment"] is None}),
        }


def loan_words(row: Measure) -> str:
    rate = f"年利率 {row.rate.normalize():f}%" if row.rate is not None else "没有登记年利率"
    return f"{row.delivered_on:%Y-%m-%d} 贷款 {row.amount:,.0f} 元，{rate}"


def payment_words(row: Disbursement) -> str:
    """A payment as one chooses it: what for, how much, when, of which project."""
    project = row.project.name if row.project else "项目资金"
    to = "" if row.household_id else f"，付给{row.payee}"
    return f"{row.item} {row.amount:,.2f} 元（{row.paid_on:%Y-%m-%d}，{project}{to}）"


def stored(row: Measure) -> dict[str, Any]:
    """What the form of a measure shows first."""
    return {
        **{name: getattr(row, name) for name in SHOWN},
        "delivered_on": row.delivered_on,
        "member": row.member_id,
        "payment": row.payment_id,
        "serves": row.serves_id,
        "site": row.site_id,
        "version": row.version,
    }


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(max_length=120, error_messages={"required": "请写明撤回的原因。"})
