"""Why a section was not saved, put back where it was typed: faults at their fields, warnings that want a tick, and what
somebody else changed meanwhile. Nothing typed is dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import QueryDict

from households.entry.forms import moved, spoken
from households.entry.members.forms import COMPOSITE_OF
from households.register import services
from households.register.errors import SECTION, FormErrors
from households.register.logic.rule import Finding, Severity
from households.register.selectors import HouseholdPage
from povreg.kit.stale import Conflict
from povreg.kit.views import refusals_into
from villages.models.signed_in import SignedInRequest

REFUSED, STALE = 422, 409
Save = Callable[[Mapping[str, int]], Any]


@dataclass
class Clashes:
    """What somebody else saved, and where both typed something: ``choices`` have label, stored, typed, name."""

    message: str
    choices: list[dict[str, str]]


@dataclass
class Trouble:
    """What :func:`attempt` met. ``asking`` holds new warnings by (row, control)."""

    forms: Mapping[str, Form]
    titles: Mapping[str, str] = field(default_factory=dict)
    asking: dict[tuple[str, str], list[Finding]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    conflict: Clashes | None = None

    @property
    def status(self) -> int:
        return STALE if self.conflict else REFUSED

    @property
    def asks(self) -> int:
        return 0 if self.faults else sum(len(found) for found in self.asking.values())

    @property
    def ticks(self) -> set[str]:
        """What was confirmed already on the page that came back."""
        return {key for form in self.forms.values() for key in cast(QueryDict, form.data).getlist("confirmed")}

    @property
    def faults(self) -> list[dict[str, str]]:
        """Every fault with the address of its control, for the summary above the form."""
        found = [{"label": "", "anchor": "", "text": text} for text in self.loose]
        for key, form in self.forms.items():
            for name, messages in form.errors.items():
                found += [self._fault(key, form, name, str(text)) for text in messages]
        return found

    def _fault(self, key: str, form: Form, name: str, text: str) -> dict[str, str]:
        who = self.titles.get(key, "")
        if name not in form.fields:
            return {"label": who, "anchor": "", "text": text}
        bound = form[name]
        return {"label": " ".join(filter(None, (who, str(bound.label)))), "anchor": bound.id_for_label, "text": text}


def attempt(
    save: Save, forms: Mapping[str, Form], titles: Mapping[str, str] | None = None, rehearse: bool = True
) -> Trouble | None:
    """Run ``save(versions)``; None when it went well, else what to show. ``forms`` by row key, ``""`` the section's.
    ``rehearse``: the save can do with what a refused form has, so that all faults are said at once.

    Where somebody else changed other fields than these forms did, the save is made on top of theirs without asking.
    """
    trouble = Trouble(forms, titles or {})
    if not all(form.is_valid() for form in forms.values()):
        return _rehearsed(trouble, save) if rehearse else trouble
    versions: dict[str, int] = {}
    for _try in range(len(forms) + 1):
        try:
            with transaction.atomic():
                save(versions)
            return None
        except Conflict as conflict:
            versions |= conflict.versions
            choices = _choices(conflict, forms)
            if choices:
                return _stale(trouble, conflict, choices, versions)
        except FormErrors as refused:
            return _refused(trouble, refused)
        except ValidationError as refused:
            return _told(trouble, refused)
    return trouble


class _Undo(Exception):  # noqa: N818 - takes back what was only tried
    pass


def _rehearsed(trouble: Trouble, save: Save) -> Trouble:
    """What a verb would refuse of the rest is said at once with what the forms refuse; nothing is saved."""
    said = {key: set(form.errors) for key, form in trouble.forms.items()}
    try:
        with transaction.atomic():
            save({})
            raise _Undo
    except FormErrors as refused:
        for key, faults in refused.rows.items():
            form = trouble.forms.get(key)
            for fact, messages in faults.items():
                name = control_of(fact, form.fields) if form else None
                if form is not None and name is not None and name not in said[key]:
                    form.add_error(name, ValidationError(messages))
    except (_Undo, Conflict, ValidationError, PermissionDenied):
        pass
    return trouble


def _refused(trouble: Trouble, refused: FormErrors) -> Trouble:
    for key, faults in refused.rows.items():
        form = trouble.forms.get(key)
        for fact, messages in faults.items():
            if form is None:
                trouble.loose += messages
            else:
                form.add_error(control_of(fact, form.fields), ValidationError(messages))
    for finding in refused.warnings:
        form = trouble.forms.get(finding.target) or trouble.forms.get(SECTION)
        name = control_of(finding.name, form.fields) if form else None
        trouble.asking.setdefault((finding.target if form else SECTION, name or ""), []).append(finding)
    return trouble


def _told(trouble: Trouble, refused: ValidationError) -> Trouble:
    form = trouble.forms.get(SECTION)
    if form is None:
        trouble.loose += refused.messages
    else:
        with refusals_into(form):
            raise refused
    return trouble


def control_of(fact: str, fields: Mapping[str, Any]) -> str | None:
    """The control that shows a fact; None when the form has none for it."""
    name = COMPOSITE_OF.get(fact, fact)
    return name if name in fields else None


# -- somebody else saved meanwhile ------------------------------------------------------------------------------------


Choice = tuple[str, Form, str, str, str]  # row key, form, control, what is stored now, what was typed


def _choices(conflict: Conflict, forms: Mapping[str, Form]) -> list[Choice]:
    """The fields that both changed. What only the other one changed stays as he saved it."""
    found: dict[tuple[str, str], Choice] = {}
    for clash in conflict.clashes:
        form = forms.get(clash.row)
        name = control_of(clash.field, form.fields) if form else None
        if form is not None and name in form.changed_data and clash.stored != clash.typed:
            found[clash.row, name] = (clash.row, form, name, clash.stored, clash.typed)
    for key in conflict.versions:
        form = forms.get(key)
        if form is None:
            continue
        for name in moved(form):
            field = form.fields[name]
            texts = spoken(field, form.initial.get(name)), spoken(field, form[name].data)
            found.setdefault((key, name), (key, form, name, *texts))
    return list(found.values())


def _stale(trouble: Trouble, conflict: Conflict, choices: list[Choice], versions: Mapping[str, int]) -> Trouble:
    for key, version in versions.items():
        form = trouble.forms.get(key)
        if form is not None:
            again = cast(QueryDict, form.data).copy()
            again[form.add_prefix("version")] = str(version)
            form.data = again
    rows = [
        {
            "label": " ".join(filter(None, (trouble.titles.get(key, ""), str(form.fields[name].label)))),
            "name": form.add_prefix(name),
            "stored": stored,
            "typed": typed,
        }
        for key, form, name, stored, typed in choices
    ]
    trouble.conflict = Clashes(conflict.message, rows)
    return trouble


# -- warnings at their fields -----------------------------------------------------------------------------------------


def warnings_at(
    bundle: HouseholdPage, section: str, target: str, fields: Mapping[str, Any], trouble: Trouble | None, key: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """Control name to warnings for the component c-field; ``""`` holds those without a control in this form."""
    found: dict[str, list[Finding]] = {}
    for finding in bundle.findings_of(section, target):
        if finding.severity is not Severity.GAP:
            found.setdefault(control_of(finding.name, fields) or "", []).append(finding)
    for (row, name), asked in (trouble.asking if trouble else {}).items():
        if row == key:
            found.setdefault(name, []).extend(asked)
    ticks = trouble.ticks if trouble else set()
    return {name: [warning(finding, ticks) for finding in unique(each)] for name, each in found.items()}


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a rule: the last one said is about what was just typed."""
    return list({finding.rule: finding for finding in findings}.values())


def warning(finding: Finding, ticks: Collection[str] = ()) -> dict[str, Any]:
    """A finding as the page shows it beside a control; what can be confirmed has a box to tick, ticked if it was."""
    answerable = finding.severity is Severity.WARNING
    return {
        "code": finding.key if answerable else "",
        "text": finding.message,
        "confirmed": finding.accepted or finding.key in ticks,
        "label": finding.name,
    }


def accept_ticks(request: SignedInRequest, bundle: HouseholdPage) -> None:
    """Store the ticks given to warnings that stood on the page already."""
    ticks = set(request.POST.getlist("confirmed"))
    for finding in bundle.findings if ticks else ():
        if finding.key in ticks and finding.needs_tick:
            services.accept_warning(
                by=request.user,
                household=bundle.household,
                year=bundle.year,
                rule=finding.rule,
                target=finding.target,
                digest=finding.digest,
            )


def carried(request: SignedInRequest, shown: Iterable[Mapping[str, list[dict[str, Any]]]]) -> list[str]:
    """Ticks that were given but have no box on the page that is shown again; hidden inputs keep them."""
    boxes = {warning["code"] for each in shown for warnings in each.values() for warning in warnings}
    return sorted(set(request.POST.getlist("confirmed")) - boxes)
