"""Kinds of procedures that are rows, and the steps of templates: pages of the county office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.models import ProcedureTemplate, StandingClass, TemplateStep
from households.models.template import Capacity, PaperKind, StepKind
from households.procedures.county.views import county_of_editor, template_or_404
from households.procedures.engine import asked, clock, data_kinds, step_edits
from households.procedures.engine.forms import MULTI, choice_field, long_text, text_field
from povreg.kit.views import refusals_into, require
from villages.codes.controls import Whole
from villages.codes.selectors import choices, labels
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

COMING = [(str(each), str(each.label)) for each in step_edits.MAY_COME]
SIMPLE = [each for each in asked.EVERY if not each.params]


def classes(label: str, own: bool = False) -> forms.ModelMultipleChoiceField:
    rows = StandingClass.objects.all()
    rows = rows.exclude(axis__in=StandingClass.Axis.values) if own else rows
    return forms.ModelMultipleChoiceField(rows, label=label, required=False, widget=MULTI)


class KindForm(forms.Form):
    """A kind of a county's own: words, who may stand, what an approval does, whose steps it takes at first."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{2,11}$",
        label="代码",
        max_length=20,
        help_text="小写字母、数字，3 到 12 位，以后不能改",
        error_messages={"invalid": "代码用小写字母开头，只含小写字母、数字，3 到 12 位。"},
    )
    label = text_field("名称", length=20)
    planned = text_field("公示类别", length=40, help_text="例如：拟认定农村低收入人口")
    found = text_field("公示理由", length=80, help_text="村民看得懂，不写疾病")
    new_class = text_field("新设身份类别", required=False, length=20, help_text="批复后纳入这一类；只决定帮扶的不填")
    ends = classes("批复后终止的类别（只限各地新设的）", own=True)
    supports = forms.BooleanField(label="按综合评估决定帮扶退出或延续", required=False)
    policies = forms.MultipleChoiceField(
        label="继续帮扶的户，延续哪些政策", choices=lambda: choices("support_policy"), required=False, widget=MULTI
    )
    policy_months = Whole(label="延续几个月", required=False, min_value=1, max_value=60, help_text="不填为长期")
    conditions = forms.MultipleChoiceField(
        label="名单上的户须具备", choices=[(each.code, each.label) for each in SIMPLE], required=False, widget=MULTI
    )
    only_in = classes("只列入现有这些身份的户")
    not_in = classes("不列入已有这些身份的户")
    takes_ordinary = forms.BooleanField(label="可以列入普通农户", required=False)
    applied_for = forms.BooleanField(label="由农户申请", required=False)
    authorised = forms.BooleanField(label="须承诺授权", required=False)
    year_from = Whole(label="起始年度", min_value=2014, max_value=2100)
    year_to = Whole(label="截止年度", required=False, min_value=2014, max_value=2100)
    like = forms.ModelChoiceField(
        ProcedureTemplate.objects.none(), label="步骤先照抄", help_text="以后在程序模板中增减、调整"
    )
    source = long_text("依据", length=300)

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["like"].queryset = templates  # type: ignore[attr-defined]
        self.fields["year_from"].initial = clock.today().year

    def facts(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        only, never = ([row.pk for row in values.pop(name)] for name in ("only_in", "not_in"))
        held = [{"ask": "in_class", "keys": only}] if only else []
        held += [{"ask": "not_in_class", "keys": never}] if never else []
        chosen = [{"ask": code} for code in values.pop("conditions")]
        ends = [row.pk for row in values.pop("ends")]
        values["runs"] = data_kinds.policies_running(values.pop("policies"), values.pop("policy_months"))
        return {**values, "ends": ends, "fits": held, "conditions": [*chosen, *held]}


def _several(label: str, choices: Any, chosen: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, initial=sorted(chosen), required=False, widget=MULTI)


def _without(every: Any, left_out: set[str]) -> list[tuple[str, str]]:
    return [(value, label) for value, label in every.choices if value not in left_out]


class StepsForm(forms.Form):
    """The order of the steps, who goes, one that comes."""

    source = long_text("依据", length=300)
    new_kind = choice_field("增加一步：类型", [("", "不增加"), *COMING], required=False)
    new_label = text_field("名称", required=False, length=60)
    new_level = choice_field("级别", step_edits.levels(), required=False)
    new_roles = forms.MultipleChoiceField(
        label="由谁办理", choices=[(str(each), each.label) for each in step_edits.ACTING], required=False, widget=MULTI
    )
    new_days = Whole(label="限几天办结", required=False, min_value=0, max_value=90)
    new_after = forms.TypedChoiceField(label="放在哪一步之后", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, template: ProcedureTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = list(template.steps.order_by("position"))
        self.fields["source"].initial = template.source
        behind: Any = self.fields["new_after"]
        behind.choices = [("", "最前"), *((step.pk, step.label) for step in self.steps)]
        self.legal = step_edits.legal_of(template)
        for number, step in enumerate(self.steps, 1):
            self.fields[f"position-{step.pk}"] = Whole(label="顺序", min_value=1, max_value=99, initial=number)
            if step_edits.may_go(step):
                self.fields[f"drop-{step.pk}"] = forms.BooleanField(label="去掉", required=False)
            self.fields |= self._asks(step)

    def _asks(self, step: TemplateStep) -> dict[str, forms.Field]:
        """Papers and signatures besides the legal ones, and who does the step."""
        legal = self.legal.get(step.code)
        papers = set(legal.attachments if legal else ())
        signers = set(legal.signers if legal else ())
        roles = [(str(role), role.label) for role in step_edits.roles_for(step.kind)]
        return {
            f"papers-{step.pk}": _several("材料", _without(PaperKind, papers), set(step.attachments) - papers),
            f"signers-{step.pk}": _several("签字", _without(Capacity, signers), set(step.signers) - signers),
            f"roles-{step.pk}": _several("由谁办理", roles, step.roles),
        }

    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.rpartition("-")[2].isdigit()]

    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "step": step,
                "position": self[f"position-{step.pk}"],
                "drop": self[f"drop-{step.pk}"] if f"drop-{step.pk}" in self.fields else None,
                "asks": [self._asked(step, name) for name in ("papers", "signers", "roles")],
            }
            for step in self.steps
        ]

    def _asked(self, step: TemplateStep, name: str) -> dict[str, Any]:
        """The control, what is chosen now in words, and what the law asks."""
        legal, field = self.legal.get(step.code), self[f"{name}-{step.pk}"]
        labels = {"papers": dict(PaperKind.choices), "signers": dict(Capacity.choices)}.get(name, {})
        fixed = {"papers": "attachments", "signers": "signers"}.get(name)
        kept = [labels[each] for each in (getattr(legal, fixed) if legal and fixed else ())]
        chosen = {str(each) for each in field.value() or ()}
        words = [*kept, *(text for value, text in self.fields[field.name].choices if value in chosen)]  # type: ignore[attr-defined]
        return {"field": field, "words": "、".join(words) or "无", "fixed": "、".join(kept), "label": field.label}

    def edits(self) -> dict[str, Any]:
        values = self.cleaned_data
        new = step_edits.NewStep(
            values["new_kind"], values["new_label"], values["new_level"] or "village", values["new_roles"],
            values["new_after"], values["new_days"] or 0, people=2 if values["new_kind"] == StepKind.SURVEY else 0,
        )  # fmt: skip
        given = {pk for pk in (step.pk for step in self.steps) if self.data.get(f"drop-{pk}")}
        return {
            "order": {step.pk: values[f"position-{step.pk}"] for step in self.steps},
            "dropped": given,
            "new": new if values["new_kind"] else None,
            "asks": {
                step.pk: step_edits.Asks(*(values[f"{name}-{step.pk}"] for name in ("papers", "signers", "roles")))
                for step in self.steps
            },
            "source": values["source"],
        }


@require(Right.BATCH_VIEW)
@require_safe
def procedure_kinds(request: SignedInRequest) -> HttpResponse:
    """The kinds that are rows, with what each asks and does."""
    names = labels("support_policy")
    rows = [
        (row, [asked.BY_CODE[each["ask"]].label for each in row.conditions], [_run(each, names) for each in row.runs])
        for row in data_kinds.rows()
    ]
    classes = dict(StandingClass.objects.values_list("key", "label"))
    context = {"rows": rows, "classes": classes, "may_edit": request.user.places_with(Right.TEMPLATE_EDIT)}
    return render(request, "households/procedures/kinds.html", context)


def _run(run: dict[str, Any], names: Mapping[str, str]) -> str:
    """产业帮扶 12 个月."""
    name = names.get(run["policy"], run["policy"])
    return f"{name} {run['months']} 个月" if run["months"] else name


@require(Right.TEMPLATE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_kind(request: SignedInRequest) -> HttpResponse:
    """A county's own kind, with a first template."""
    templates = ProcedureTemplate.objects.visible_to(request.user).filter(is_active=True, read_only=False)
    form = KindForm(request.POST or None, templates=templates)
    if form.is_valid():
        with refusals_into(form):
            row = data_kinds.make_kind(by=request.user, place=county_of_editor(request.user), **form.facts())
            messages.success(request, f"“{row.label}”已设立，步骤可在程序模板中调整。")
            return redirect("procedure-kinds")
    return render(request, "households/procedures/kind_new.html", {"form": form}, status=422 if form.errors else 200)


@require(Right.TEMPLATE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def template_steps(request: SignedInRequest, pk: int) -> HttpResponse:
    """Steps added, left out, moved: the county's next version, not in force yet."""
    row = template_or_404(request, pk)
    form = StepsForm(request.POST or None, template=row)
    if form.is_valid():
        with refusals_into(form):
            place = county_of_editor(request.user)
            fresh = step_edits.edit_steps(by=request.user, template=row, place=place, **form.edits())
            messages.success(request, f"已存为本县第 {fresh.version} 版，核对无误后启用；启用前不影响任何名单。")
            return redirect("procedure-template", pk=fresh.pk)
    context = {"template": row, "form": form}
    return render(request, "households/procedures/template_steps.html", context, status=422 if form.errors else 200)


@require(Right.TEMPLATE_EDIT)
@require_POST
def activate(request: SignedInRequest, pk: int) -> HttpResponse:
    """A version that was tried holds from now on."""
    row = template_or_404(request, pk)
    try:
        step_edits.activate_template(by=request.user, template=row)
        messages.success(request, "已启用，新拟定的名单按这一版办理。")
    except ValidationError as fault:
        messages.warning(request, "".join(fault.messages))
    return redirect("procedure-template", pk=pk)
