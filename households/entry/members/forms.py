"""The members table: one small form a person, some answers put together the way people say them.

Two yes/no facts such as 居民医保 and 职工医保 are asked as one question (医保：居民、职工、未参保), which is how a
cadre thinks of them, and one key instead of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.models import fields_for_model

from households.entry.forms import kept, suggest
from households.models import Member, MemberYear
from households.register.fields import MEMBER_FACTS, YEAR_FACTS, MemberRow
from villages.codes.controls import (
    UNRECORDED,
    YES_NO,
    Code,
    Codes,
    PlainSelect,
    Secret,
    YesNo,
    control,
)

COVERS: dict[str, tuple[bool | None, bool | None]] = {
    "": (None, None),
    "resident": (True, False),
    "employee": (False, True),
    "none": (False, False),
    "both": (True, True),
}
COMPOSITES = {"medical": ("ins_resident", "ins_employee"), "pension": ("pen_resident", "pen_employee")}
COMPOSITE_OF = {part: name for name, parts in COMPOSITES.items() for part in parts} | {"healths": "health"}
"""The control that shows a stored fact which has none of its own."""
SHORT_LABELS = {
    "id_no": "身份证号",
    "relation": "与户主关系",
    "school_status": "在校生状况",
    "labour": "劳动技能",
    "sex": "性别",
    "ins_major": "大病保险",
    "dropout_reason": "未上学原因",
    "work_months": "务工月数",
    "public_job_months": "公益岗月数",
    "active_military": "现役军人",
    "identified_on": "人员识别时间",
}
ALSO_HEALTH = "also_health"
BIRTH_HIDDEN = "已登记，随证件号码遮盖；不修改时请留空。"
LINE = ("name", "relation", "id_no", "school_status", "health", "labour", "medical")
MORE = (
    "ethnicity", "education", "political", "ins_major", "pension", "work_place", "work_months", "dropout_reason",
    "phone", "disability_cert", "disability_valid_until", ALSO_HEALTH,
)  # fmt: skip
REST = (
    "sex", "birth_date", "id_type", "dibao", "tekun", "public_job", "public_job_months", "active_military",
    "identified_on", "ins_commercial", "speaks_mandarin", "jobless_reason", "unattended",
)  # fmt: skip
MUST = ("name", "relation", "id_no")
"""What nobody is registered without (households.register.rows); a newborn has no number yet."""
YEAR_LINE = ("school_status", "dropout_reason", "medical", "ins_major", "pension", "dibao")


ASKED_AT = {
    "dropout_reason": (3, 22), "unattended": (0, 18), "jobless_reason": (16, 35), "work_place": (15, 150),
    "work_months": (15, 150), "public_job": (15, 75), "public_job_months": (15, 75), "active_military": (16, 60),
    "pension": (15, 150),
}  # fmt: skip
"""Ages, both included, at which something is asked at all; what is recorded stays to be seen at any age."""


def not_asked(form: MemberForm, age: int | None) -> set[str]:
    """The controls of a line that do not apply to somebody of this age and hold nothing."""
    if age is None:
        return set()
    outside = {name for name, (low, high) in ASKED_AT.items() if not low <= age <= high}
    return {
        name for name in outside & set(form.fields) if form[name].value() in (None, "", []) and name not in form.errors
    }


class Cover(forms.ChoiceField):
    """医保 or 养老保险: which of the two kinds a person has."""

    widget = PlainSelect

    def __init__(self, kind: str, **kwargs: Any) -> None:
        choices = [
            ("", UNRECORDED),
            ("resident", f"居民{kind}"),
            ("employee", f"职工{kind}"),
            ("none", "未参保"),
            ("both", "居民、职工都有"),
        ]
        super().__init__(choices=choices, required=False, **kwargs)


def cover_of(row: Any, name: str) -> str:
    """The answer that two stored facts amount to. One "no" beside nothing recorded is not insured (contract.md 4)."""
    resident, employee = (getattr(row, part, None) for part in COMPOSITES[name])
    if resident and employee:
        return "both"
    if resident or employee:
        return "resident" if resident else "employee"
    return "" if resident is None and employee is None else "none"


def _declared() -> dict[str, forms.Field]:
    fields = fields_for_model(Member, fields=MEMBER_FACTS, formfield_callback=control)
    fields |= fields_for_model(MemberYear, fields=YEAR_FACTS, formfield_callback=control)
    for part in COMPOSITE_OF:
        del fields[part]
    fields["medical"] = Cover("医保", label="医保")
    fields["pension"] = Cover("养老", label="养老保险")
    fields[ALSO_HEALTH] = Codes("health", label="另有的健康状况", required=False)
    for name, field in fields.items():
        field.label = SHORT_LABELS.get(name, field.label)
        field.show_hidden_initial = not isinstance(field, Secret)
        if isinstance(field, YesNo):
            field.widget = PlainSelect(choices=YES_NO)
    fields["relation"] = Code("relation", blank="请选择", label=SHORT_LABELS["relation"], required=False)
    fields["relation"].show_hidden_initial = True
    fields["name"].error_messages["required"] = "请填写姓名。"
    for name in MUST:
        fields[name].must = True  # type: ignore[attr-defined]
    return fields


_FIELDS = _declared()


class MemberForm(forms.Form):
    """One person of the members table: ``row`` (None for a new line) and ``year_row`` (None: nothing that year)."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    names: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        row: Member | None = None,
        year_row: Any = None,
        suggested: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.row, self.year_row = row, year_row
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("empty_permitted", row is None)
        super().__init__(*args, **kwargs)
        self.initial = self._values() | dict(self.initial)
        self.suggested = suggest(self, dict(suggested or {}))
        if "id_no" in self.fields:
            self._dress()

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {"version": self.row.version if self.row else 0}
        for name in self.fields:
            if name in MEMBER_FACTS and self.row:
                values[name] = getattr(self.row, name)
            elif name in COMPOSITES:
                values[name] = cover_of(self.year_row, name)
            elif name == ALSO_HEALTH:
                values[name] = list(self.year_row.healths[1:]) if self.year_row else []
            elif name in YEAR_FACTS and self.year_row:
                values[name] = getattr(self.year_row, name, None)
        return values

    def _dress(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, Secret):
                self.initial[name] = field.show_mask(getattr(self.row, name, "") or "")
        if self.row and (self.row.id_no or self.row.disability_cert):  # povreg.kit.masking
            self.initial["birth_date"] = None
            self.fields["birth_date"].help_text = BIRTH_HIDDEN
        marks = {"id_no": "data-id-no", "sex": "data-id-sex", "birth_date": "data-id-birth"}
        for name, mark in marks.items():
            self.fields[name].widget.attrs[mark] = True
        if self.row is None:
            self.fields["name"].widget.attrs["data-first"] = True

    def member_row(self) -> MemberRow:
        """What was typed differently, as the verb wants it."""
        read = self.cleaned_data
        typed = {name: read[name] for name in kept(self) if name in self.fields and name in read}
        for name in COMPOSITES:
            if name in typed:
                typed |= dict(zip(COMPOSITES[name], COVERS[typed.pop(name)], strict=True))
        if "health" in typed or ALSO_HEALTH in typed:
            typed |= {"healths": self._healths()}
            typed.pop("health", None)
        return MemberRow(
            key=str(self.prefix),
            member_id=self.row.pk if self.row else None,
            version=(self.cleaned_data.get("version") or None) if self.row else None,
            facts={name: value for name, value in typed.items() if name in MEMBER_FACTS},
            year_facts={name: value for name, value in typed.items() if name in YEAR_FACTS},
        )

    def _healths(self) -> list[str]:
        """The first and what is there beside it, each once."""
        first, also = self.cleaned_data.get("health", ""), self.cleaned_data.get(ALSO_HEALTH, ())
        return list(dict.fromkeys(code for code in (first, *also) if code))

    def has_changed(self) -> bool:
        """Whether anything was typed; the version is no fact."""
        return bool(set(self.changed_data) - {"version"})

    @property
    def rest_open(self) -> bool:
        """Whether the folded part holds something to look at."""
        return bool(set(self.errors) & set(REST)) if self.is_bound else False


def member_form(title: str, names: Iterable[str]) -> type[MemberForm]:
    chosen = {name: _FIELDS[name] for name in names}
    return type(title, (MemberForm,), {**chosen, "names": tuple(chosen)})


FullMemberForm = member_form("FullMemberForm", (*LINE, *MORE, *REST))
YearMemberForm = member_form("YearMemberForm", YEAR_LINE)
