"""The edit pages of lines and criteria sets: nothing is overwritten, what is wrong is corrected or withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from povreg.kit.pages.edit import Edit, home, posted
from povreg.kit.values import digits_of
from povreg.kit.views import scoped_or_404
from villages.models import CriteriaSet, PovertyLine, User
from villages.rights import Right
from villages.standards import services
from villages.standards.forms import CorrectionForm, LineForm, SetForm
from villages.standards.lists import keeps

JUDGED_ANEW = "有关年度的评定将重新计算。"
WIDE = ("source", "note", "reason", "criteria")
CRUMBS = home("标准", "standards")


def lines() -> QuerySet[PovertyLine]:
    return PovertyLine.objects.select_related("place")


def sets() -> QuerySet[CriteriaSet]:
    return CriteriaSet.objects.select_related("place")


def own_place(user: User) -> str:
    """The place a new standard is most likely for."""
    return next(iter(user.places_with(Right.STANDARD_EDIT)), "")


def to_kind(request: HttpRequest, line: PovertyLine) -> str:
    return f"{reverse('standards')}?kind={line.kind}"


def line_form(request: Any, line: None) -> LineForm:
    """Filled in as far as the address says what it is about."""
    given = {name: request.GET[name] for name in ("kind", "year", "place") if request.GET.get(name)}
    initial = {"place": own_place(request.user), "kind": PovertyLine.Kind.EXIT, **given}
    return LineForm(posted(request), user=request.user, initial=initial)


def add_line(by: User, line: None, form: LineForm) -> PovertyLine:
    return services.add_line(by=by, **form.cleaned_data)


def correct_line(by: User, line: PovertyLine, form: CorrectionForm) -> PovertyLine:
    return services.correct_line(by=by, line=line, **form.cleaned_data)


class WhyForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(required=False)


def why(request: HttpRequest, row: Any) -> WhyForm:
    return WhyForm(request.POST)


def withdraw_line(by: User, line: PovertyLine, form: WhyForm) -> PovertyLine:
    return services.withdraw_line(by=by, line=line, reason=form.cleaned_data["reason"])


def set_form(request: Any, row: None) -> SetForm:
    """A new version, by default of the set that ``?from=`` names; one of the country is taken over for one's own
    place."""
    number, user = digits_of(request.GET.get("from", "")), request.user
    based_on = scoped_or_404(sets(), user, number) if number is not None else None
    own = based_on.place_id if based_on and keeps(based_on, user) else own_place(user)
    return SetForm(posted(request), user=user, based_on=based_on, initial={"place": own})


def publish_set(by: User, row: None, form: SetForm) -> CriteriaSet:
    return services.publish_set_version(by=by, **form.facts)


def withdraw_set(by: User, row: CriteriaSet, form: WhyForm) -> CriteriaSet:
    return services.withdraw_set(by=by, criteria_set=row, reason=form.cleaned_data["reason"])


NEW_LINE = Edit(
    code="line",
    title=lambda line: "登记标准线",
    right=Right.STANDARD_EDIT,
    form=line_form,
    save=add_line,
    done=lambda line: f"已登记{line}。{JUDGED_ANEW}",
    after=to_kind,
    crumbs=CRUMBS,
    label="登记",
    wide=WIDE,
)
CORRECTION = Edit(
    code="line",
    title=lambda line: "更正标准线",
    note=lambda line: f"{line.place} {line}。原标准撤回后仍保留在更正记录中。",
    right=Right.STANDARD_EDIT,
    rows=lines,
    place="place_id",
    form=lambda request, line: CorrectionForm(posted(request), line=line),
    save=correct_line,
    done=lambda line: f"已更正{line.place}{line.year}年的标准。{JUDGED_ANEW}",
    after=to_kind,
    crumbs=CRUMBS,
    label="更正",
    wide=WIDE,
)
WITHDRAWAL = Edit(
    code="line-withdraw",
    title=str,
    right=Right.STANDARD_EDIT,
    rows=lines,
    place="place_id",
    form=why,
    save=withdraw_line,
    done=lambda line: f"已撤回{line.place}{line.year}年的标准。{JUDGED_ANEW}",
    after=to_kind,
)
NEW_SET = Edit(
    code="set",
    title=lambda row: "发布评定标准",
    note=lambda row: "原有版本保留，已用它作出的评定仍可查到依据。",
    right=Right.STANDARD_EDIT,
    form=set_form,
    save=publish_set,
    done=lambda row: f"已发布{row}。{JUDGED_ANEW}",
    after=lambda request, row: reverse("standards"),
    crumbs=CRUMBS,
    label="发布",
    wide=WIDE,
)
SET_WITHDRAWAL = Edit(
    code="set-withdraw",
    title=str,
    right=Right.STANDARD_EDIT,
    rows=sets,
    place="place_id",
    form=why,
    save=withdraw_set,
    done=lambda row: f"已停用{row}。{JUDGED_ANEW}",
    after=lambda request, row: reverse("standards"),
)
