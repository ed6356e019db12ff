"""The edit pages and buttons of pairings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assistance.models import Pairing, PairingChoice
from assistance.pairing import services
from assistance.pairing.forms import ChangeForm, EndForm, NothingAsked, PairForm, ProposeForm
from assistance.pairing.matching import services as matching
from povreg.kit.pages.edit import Edit, home, posted
from villages.models import User
from villages.rights import Right


def pair(by: User, row: None, form: PairForm) -> Pairing:
    given = form.cleaned_data
    facts = {name: given[name] for name in ("turn", "starts_on", "note")}
    return services.start_pairing(by=by, household=form.household, helper=form.helper, **facts)  # type: ignore[arg-type]


def of_proposal(request: HttpRequest, row: PairingChoice) -> str:
    return reverse("pairing-proposal", args=[row.proposal_id])


def change(by: User, row: PairingChoice, form: Any) -> PairingChoice:
    return matching.change_helper(by=by, choice=row, **form.cleaned_data)


def choices() -> Any:
    return PairingChoice.objects.select_related("household", "village")


RIGHT = Right.PAIRING_EDIT
PAIR = Edit(
    code="pairing",
    title=lambda row: "登记结对",
    right=RIGHT,
    form=lambda request, row: PairForm(posted(request), user=request.user),
    save=pair,
    done=lambda row: f"已登记：{row.helper.name}为第{row.turn}帮扶人。",
    after=lambda request, row: reverse("pairings"),
    crumbs=home("结对帮扶", "pairings"),
    note=lambda row: "每户最多三名帮扶责任人；每名帮扶责任人的户数按职务级别有上限。",
)
END = Edit(
    code="pairing-end",
    title=lambda row: "结束结对",
    right=RIGHT,
    rows=Pairing.objects.all,
    form=lambda request, row: EndForm(posted(request), pairing=row),
    save=lambda by, row, form: services.end_pairing(by=by, pairing=row, **form.cleaned_data),
    done=lambda row: "已结束结对。",
    after=lambda request, row: reverse("pairings"),
)
PROPOSE = Edit(
    code="pairing-propose",
    title=lambda row: "提出结对建议",
    right=RIGHT,
    form=lambda request, row: ProposeForm(posted(request), user=request.user),
    save=lambda by, row, form: matching.propose(by=by, **form.cleaned_data),
    done=lambda row: f"已算出 {row.households:,} 户的建议，用时 {row.seconds} 秒。请逐户核对后确认。",
    after=lambda request, row: reverse("pairing-proposal", args=[row.pk]),
    crumbs=home("结对建议", "pairing-proposals"),
    label="开始计算",
    note=lambda row: "只提出建议，不会改动现有结对。上一份没有确认的建议会作废。",
)
CHANGE = Edit(
    code="pairing-choice",
    title=lambda row: f"{row.household.household_no} 换帮扶责任人",
    right=RIGHT,
    rows=choices,
    form=lambda request, row: ChangeForm(posted(request), choice=row),
    save=change,
    done=lambda row: f"已改由{row.helper.name}帮扶。",
    after=of_proposal,
    subtitle=lambda row: row.reasons,
)
REFUSE = Edit(
    code="pairing-refuse",
    title=lambda row: "不采用",
    right=RIGHT,
    rows=choices,
    form=lambda request, row: NothingAsked(posted(request)),
    save=lambda by, row, form: matching.refuse(by=by, choice=row),
    done=lambda row: "已标记为不采用。",
    after=of_proposal,
)
