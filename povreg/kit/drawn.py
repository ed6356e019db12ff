"""Draws the components that stand on every household page, many times or behind many nodes of a template, in one go.

A form row is thirty nodes of a template and a page of a household has twenty of them: they were a third of such a page.
The markup stands here only; the components of the same names (templates/components) and the pages call these tags,
which every template knows. An item is a mapping or an object, as a template would take it. Everything is escaped unless
it says that it is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString

register = template.Library()
MUST = '<span class="must">必填</span>'
HERE = ' aria-current="page"'
WORDS = {"pass": "达标", "fail": "未达标"}


def of(item: Any, name: str) -> Any:
    """What a template means by ``item.name``: nothing where there is no such thing."""
    return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")


# -- Rows of forms --------------------------------------------------------------------------------------------------


@register.simple_tag
def field_row(
    field: Any,
    label: Any = "",
    name: Any = "",
    hint: Any = "",
    unit: Any = "",
    prev: Any = "",
    warnings: Any = (),
    required: Any = "",
    wide: Any = "",
    secret: Any = False,
    slot: Any = "",
) -> SafeString:
    """One row of a form (``c-field``): a bound field, or ``slot`` as control with its id as ``name``."""
    css = f"field{' wide' if wide else ''}{' field-warned' if warnings else ''}"
    return SafeString(
        f'<div class="{css}"{" data-secret" if secret else ""}>\n'
        f"{_control(field, esc(label), name, required, unit, slot)}{_beside(field, hint, prev)}"
        f"{field.errors if field else ''}{''.join(map(_warning, warnings or ()))}\n</div>"
    )


def _control(field: Any, label: str, name: Any, required: Any, unit: Any, slot: Any) -> str:
    if field and field.use_fieldset:
        must = MUST if field.field.required else ""
        title = label or esc(field.label)
        return f'<fieldset class="field"><legend class="field-label small">{title}{must}</legend>{field}</fieldset>\n'
    must = MUST if required or (field and field.field.required) else ""
    target, title, control = (field.id_for_label, field.label, field) if field else (name, "", esc(slot))
    after = f'<span class="unit">{esc(unit)}</span>' if unit else ""
    return (
        f'<label for="{esc(target)}">{label or esc(title)}{must}</label>\n'
        f'<div class="field-control">{control}{after}</div>\n'
    )


def _beside(field: Any, hint: Any, prev: Any) -> str:
    before = "" if prev == "" else f'<p class="prev">{esc(prev)}</p>\n'
    if hint:
        return f'{before}<p class="hint">{esc(hint)}</p>'
    if field and field.help_text:
        return f'{before}<p class="hint" id="{esc(field.auto_id)}_helptext">{esc(field.help_text)}</p>'
    return before


def _warning(warning: Any) -> str:
    """Something to confirm; without a code it is only said."""
    return f'<div class="field-warning">{esc(of(warning, "text"))}{_tick(warning)}</div>'


def _tick(warning: Any) -> str:
    if not of(warning, "code"):
        return ""
    ticked = " checked" if of(warning, "confirmed") else ""
    box = f'<input type="checkbox" name="confirmed" value="{esc(of(warning, "code"))}"{ticked}>'
    return f'<br><label class="tick">{box}情况属实</label>'


@register.simple_tag
def field_rows(cells: Iterable[Any]) -> SafeString:
    """The rows of a card of a form; a cell has ``field``, ``unit``, ``prev``, ``warnings``, ``wide`` and ``secret``."""
    return SafeString(
        "".join(
            field_row(
                each.field, unit=each.unit, prev=each.prev, warnings=each.warnings, wide=each.wide, secret=each.secret
            )
            for each in cells
        )
    )


@register.simple_tag
def cell_warnings(warnings: Iterable[Any]) -> SafeString:
    """What stands beside a cell of a table of entries."""
    return SafeString("".join(map(_warning, warnings or ())))


# -- Where one is ---------------------------------------------------------------------------------------------------


@register.simple_tag
def menu_links(items: Iterable[Any], css: str = "", gap: str = "", most: int | None = None) -> SafeString:
    """Entries of a menu (``nav`` of the frame); the number that waits stands behind ``gap``."""
    shown = f' class="{css}"' if css else ""
    entries = list(items)[:most]
    return SafeString("".join(f"<a{shown}{_entry(each, gap)}</a>" for each in entries))


def _entry(item: Any, gap: str) -> str:
    count = of(item, "count")
    waiting = f'{gap}<span class="count">{esc(count)}</span>' if count else ""
    return f' href="{esc(of(item, "url"))}"{HERE if of(item, "active") else ""}>{esc(of(item, "label"))}{waiting}'


@register.simple_tag
def sidenav_list(items: Iterable[Any], phone: bool = False) -> SafeString:
    """Sections of a record with what is filled in or lacking; ``phone``: as the phone's menu of steps shows them."""
    return SafeString(f"<ol>{''.join(_section(each, phone) for each in items or ())}</ol>")


def _section(item: Any, phone: bool) -> str:
    tone, count = of(item, "tone"), of(item, "count")
    toned = f" tone-{esc(tone)}" if tone else ""
    number = f'<span class="{"small" if phone else "cnt"}{toned}">{esc(count)}</span>' if count or phone else ""
    here = HERE if of(item, "active") else ""
    return f'<li><a href="{esc(of(item, "url"))}"{here}><span>{esc(of(item, "label"))}</span>{number}</a></li>'


@register.simple_tag
def steps_bar(
    title: Any = "",
    position: Any = "",
    items: Any = (),
    prev_url: Any = "",
    prev_label: Any = "上一项",
    next_url: Any = "",
    next_label: Any = "下一项",
) -> SafeString:
    """Phone only: back, where one is (``items``: the other sections, opened from the title), on (``c-steps``)."""
    place = f"<small>{esc(position)}</small>" if position else ""
    middle = f'<span class="mid">{esc(title)}{place}</span>'
    if items:
        opened = f"<summary>{esc(title)} ▾{place}</summary>{sidenav_list(items, phone=True)}"
        middle = f'<details class="mid" data-menu>{opened}</details>'
    before = f'<a href="{esc(prev_url)}">‹ {esc(prev_label)}</a>' if prev_url else ""
    after = f'<a href="{esc(next_url)}">{esc(next_label)} ›</a>' if next_url else ""
    return SafeString(f'<nav class="steps-phone" aria-label="逐项填写">{before}{middle}{after}</nav>')


@register.simple_tag
def crumb_list(items: Iterable[Any]) -> SafeString:
    """The places above, from the county down (``c-crumbs``)."""
    listed = "".join(f"<li>{_link(of(each, 'url'), of(each, 'label'))}</li>" for each in items or ())
    return SafeString(f'<nav aria-label="所在位置"><ol>{listed}</ol></nav>' if listed else "")


def _link(url: Any, text: Any) -> str:
    return f'<a href="{esc(url)}">{esc(text)}</a>' if url else esc(text)


# -- Where a household stands ---------------------------------------------------------------------------------------


@register.simple_tag
def verdict_word(result: Any = "", text: Any = "") -> SafeString:
    """The verdict in its tone (``c-verdict``)."""
    if result in WORDS:
        return SafeString(f'<b class="tone-{result}">{esc(text or WORDS[result])}</b>')
    return SafeString(f'<b class="tone-missing unrecorded">{esc(text or "数据缺失")}</b>')


@register.simple_tag
def strip_card(
    chips: Iterable[Any],
    title: Any = "",
    verdict: Any = "",
    verdict_text: Any = "",
    why_url: Any = "",
    slot: Any = "",
    small: Any = "",
    card: Any = True,
) -> SafeString:
    """The criteria of a verdict as one strip (``c-strip``); ``small``: without card and links."""
    css = "strip-small" if small else "card strip-card" if card else ""
    named = f'<span class="strip-title">{esc(title)}</span>\n' if title else ""
    said = f"<span>结论：{verdict_word(verdict, verdict_text)}</span>" if verdict else ""
    why = f'<a href="{esc(why_url)}">为什么？怎样才能达标</a>' if why_url else ""
    after = f'<div class="verdict">{said}{why}{esc(slot)}</div>\n' if verdict or slot else ""
    return SafeString(f'<div class="strip {css}">\n{named}{_chips(chips, small, title)}\n{after}</div>')


def _chips(chips: Iterable[Any], small: Any, title: Any) -> str:
    named = "" if title else ' aria-label="两不愁三保障各项"'
    listed = "".join(f"<li>{_chip(each, '' if small else of(each, 'url'))}</li>" for each in chips or ())
    return f'<ul class="chips"{named}>{listed}</ul>'


def _chip(chip: Any, url: Any) -> str:
    result, text = of(chip, "result"), of(chip, "text")
    said = "" if text else " 未记录"
    if result in WORDS:
        said = f'<span class="visually-hidden">：{WORDS[result]}</span>'
    inside = f"{esc(text or of(chip, 'label'))}{said}"
    css = f'class="chip chip-{esc(result)}"'
    return f'<a {css} href="{esc(url)}">{inside}</a>' if url else f"<span {css}>{inside}</span>"


@register.simple_tag
def change_list(items: Iterable[Any], empty: Any = "还没有变更记录") -> SafeString:
    """Changes as sentences (``c-changes``)."""
    told = "".join(f"<li>{_change(each)}</li>" for each in items or ())
    return SafeString(f'<ul class="changes">{told}</ul>' if told else f'<p class="soft small">{esc(empty)}</p>')


def _change(item: Any) -> str:
    reason = of(item, "reason")
    why = f'<span class="why">原因：{esc(reason)}</span>' if reason else ""
    return f'<span class="tabular">{esc(of(item, "when"))}</span> {esc(of(item, "who"))} {_what(item)}{why}'


def _what(item: Any) -> str:
    field, before, after = (esc(of(item, name) or "") for name in ("field", "before", "after"))
    if not field:
        return esc(of(item, "verb"))
    if before and after:
        return f'将 <b>{field}</b> 由 <span class="val">{before}</span> 改为 <span class="val">{after}</span>'
    if after:
        return f'填写 <b>{field}</b>：<span class="val">{after}</span>'
    return f'清空 <b>{field}</b>（原为 <span class="val">{before}</span>）'
