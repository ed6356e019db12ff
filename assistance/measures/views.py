"""Measures: the section of the household page, choosing one of the catalogue, noting, correcting and taking back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from assistance.catalogue.selectors import answering, measures_at, tree_at
from assistance.measures import selectors, services
from assistance.measures.forms import MeasureForm, ReasonForm, payment_words, stored
from assistance.measures.lists import OF_HOUSEHOLD
from assistance.measures.paid import payments_for
from assistance.models import CatalogueItem, Measure
from households.entry.page import section_url
from households.entry.sections.views import opened
from households.models import Household
from households.models.member import head_name
from households.register.years import year_of
from povreg.kit.pages.edit import Edit, EditPage
from povreg.kit.pages.shown import ShownList
from povreg.kit.views import holds, require, scoped_or_404
from villages.codes.selectors import labels_of
from villages.models import User
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

MOST_NEAR = 200
PAYMENT = "payment"
"""Parameter of the address: the payment of the ledger that a new measure was paid with."""


@require_safe
@require(Right.HOUSEHOLD_VIEW)
def section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """What the household was given, and what still runs."""
    page = opened(request, pk, section)
    rows = selectors.of_household(request.user, pk)
    may_edit = holds(request.user, Right.MEASURE_EDIT, page.household.village_id) and not page.household.removed_on
    context = {
        "list": ShownList(OF_HOUSEHOLD, request, rows),
        "spent": selectors.spent(rows),
        "new_url": reverse("measure-choose", args=[pk]) if may_edit else "",
    }
    return render(request, "assistance/measures/section.html", {"page": page, **context})


@require_GET
@require(Right.DASHBOARD_VIEW)
def summary(request: SignedInRequest) -> HttpResponse:
    """What reached households in the year, by entry of the catalogue."""
    year = year_of(request)
    rows = selectors.summary(request.user, year)
    listed = [{**row, "url": f"{reverse('measures')}?item={row['item__code']}&year={year}"} for row in rows]
    whole = selectors.spent(Measure.objects.visible_to(request.user).filter(delivered_on__year=year))
    context = {"rows": listed, "total": whole, "year": year}
    return render(request, "assistance/measures/summary.html", context)


@require_GET
@require(Right.MEASURE_EDIT)
def whom(request: SignedInRequest) -> HttpResponse:
    """Whom it is for: one's own households."""
    rows = Household.objects.visible_to(request.user).registered().select_related("village")
    asked = request.GET.get("q", "").strip()[:40]
    if asked:
        rows = rows.filter(members__name__startswith=asked, members__left_on__isnull=True).distinct()
    found = rows.annotate(head_name=head_name()).order_by("village_id", "household_no")[:MOST_NEAR]
    return render(request, "assistance/measures/whom.html", {"rows": found, "asked": asked, "most": MOST_NEAR})


@require_GET
@require(Right.MEASURE_EDIT)
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which measure: those that answer the household's risks and causes first, then the whole catalogue."""
    household: Household = scoped_or_404(
        Household.objects.select_related("village"), request.user, pk, Right.MEASURE_EDIT
    )
    items = measures_at(household.village_id)
    causes = [code for code in (household.main_cause, *household.other_causes) if code]
    context = {
        "household": household,
        "head_name": head_of(household),
        "fitting": answering(items, household.risks, causes),
        "tree": tree_at(household.village_id),
        "risks": labels_of("risk", household.risks),
        "causes": labels_of("cause", causes),
        **of_payment(request, household),
    }
    return render(request, "assistance/measures/choose.html", context)


def of_payment(request: SignedInRequest, household: Household) -> dict[str, Any]:
    """The payment of the ledger that one comes from, and what the addresses of the entries carry on."""
    facts = first_facts(request, household)
    if not facts:
        return {"paid": "", "carried": ""}
    row = payments_for(request.user, household).get(pk=facts["payment"])
    return {"paid": payment_words(row), "carried": f"?{PAYMENT}={row.pk}"}


def head_of(household: Household) -> str:
    return household.members.heads().values_list("name", flat=True).first() or household.household_no


class DeliverPage(EditPage):
    """The form for one entry of the catalogue, which stands in the address."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        request.chosen_item = kwargs.pop("item")
        return super().dispatch(request, *args, **kwargs)


def item_of(request: Any, household: Household) -> CatalogueItem:
    """The entry of the address. Raises Http404 where it holds no more at the household's place."""
    found = next((row for row in measures_at(household.village_id) if row.pk == request.chosen_item), None)
    if found is None:
        raise Http404
    return found


def new_form(request: Any, household: Household) -> MeasureForm:
    item, paid = item_of(request, household), first_facts(request, household)
    return MeasureForm(*sent(request), user=request.user, household=household, item=item, initial=paid)


def first_facts(request: Any, household: Household) -> dict[str, Any]:
    """What the form shows first where one comes from a payment of the ledger."""
    asked = request.GET.get(PAYMENT, "")
    row = payments_for(request.user, household).filter(pk=asked).first() if asked.isdecimal() else None
    if row is None:
        return {}
    left = row.amount - row.measured  # type: ignore[attr-defined]  # payments_for adds it
    return {"payment": row.pk, "amount": left, "delivered_on": row.paid_on}


def sent(request: Any) -> tuple[Any, Any]:
    """What a form with a file is bound to."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def edit_form(request: Any, row: Measure) -> MeasureForm:
    facts: dict[str, Any] = {"household": row.household, "item": row.item, "measure": row}
    return MeasureForm(*sent(request), user=request.user, initial=stored(row), **facts)


def deliver(by: User, household: Household, form: Any) -> Measure:
    return services.deliver_measure(by=by, household=household, item=form.item, **form.facts)


def correct(by: User, row: Measure, form: Any) -> Measure:
    return services.correct_measure(by=by, measure=row, version=form.cleaned_data["version"], **form.facts)


def withdraw(by: User, row: Measure, form: Any) -> Measure:
    return services.withdraw_measure(by=by, measure=row, reason=form.cleaned_data["reason"])


def back(request: Any, row: Any) -> str:
    """The measures of the household."""
    return section_url(row.pk if isinstance(row, Household) else row.household_id, "measures")


def crumbs(request: Any, row: Any) -> list[dict[str, str]]:
    return [{"label": "帮扶措施", "url": back(request, row)}]


def measures_rows() -> Any:
    return Measure.objects.select_related("item", "household__village", "member")


DELIVER = Edit(
    code="measure-new",
    title=lambda row: f"{head_of(row)}：登记措施",
    right=Right.MEASURE_EDIT,
    rows=lambda: Household.objects.select_related("village"),
    form=new_form,
    save=deliver,
    done=lambda row: f"已登记：{row.item}。",
    after=back,
    crumbs=lambda request, row: [
        *crumbs(request, row),
        {"label": "选择措施", "url": reverse("measure-choose", args=[row.pk])},
    ],
    label="登记措施",
    wide=("effect", "risks", "paper"),
)
CORRECT = Edit(
    code="measure",
    title=lambda row: f"更正：{row.item}",
    right=Right.MEASURE_EDIT,
    rows=measures_rows,
    form=edit_form,
    save=correct,
    done=lambda row: "已更正。",
    after=back,
    crumbs=crumbs,
    wide=("effect", "risks", "paper"),
)
WITHDRAW = Edit(
    code="measure-withdraw",
    title=lambda row: "撤回措施",
    right=Right.MEASURE_EDIT,
    rows=measures_rows,
    form=lambda request, row: ReasonForm(request.POST),
    save=withdraw,
    done=lambda row: "已撤回，不再算作已落实。",
    after=back,
)
