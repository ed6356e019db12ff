"""Reading the trail: acts, newest first, and the changes of one act.

The newest versions of every table are taken through its primary key, at most ``DEEP`` of each, and put together by the
context in which they were written. What a person may see is limited twice: by the place of the version, and by the
policies of the database.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Context
from psycopg2 import sql

from audits.trail.sources import TrailSource, trail_sources
from households.history.versions import Change, came_by_birth, visible_fields
from households.models import AnnualRecord, Household, Member, MemberYear
from povreg.kit.fields import LookupHashField
from povreg.kit.history import hand_of, verb_label
from povreg.kit.scopes import end_of, within, within_any
from povreg.kit.values import BIRTH, OUTSIDE, names_of, plain, shown
from villages.models import Place, SignInAttempt, User
from villages.people.selectors import place_label
from villages.rights import Right

DEEP = 3000
MOST = 400
"""Acts of one page of the trail; older ones are found by the day."""
CHANGES = 300
KINDS = {"insert": "新增", "update": "修改", "delete": "删除"}


@dataclass(frozen=True)
class Asked:
    """What the trail is narrowed by."""

    account: int | None = None
    place: str = ""
    since: date | None = None
    until: date | None = None
    household: int | None = None
    member: int | None = None
    batch: int | None = None
    job: str = ""
    verb: str = ""


@dataclass
class Act:
    """What one person did in one go."""

    context: str
    at: datetime
    about: dict[str, Any]
    what: str
    count: int
    places: list[str] = field(default_factory=list)
    who: str = ""
    account: str = ""
    signed_in: str = ""

    @property
    def id(self) -> str:
        return self.context

    @property
    def verb(self) -> str:
        return verb_label(self.about.get("verb", "")) or "未登记的改动"

    @property
    def reason(self) -> str:
        return str(self.about.get("reason", ""))

    @property
    def request(self) -> str:
        return str(self.about.get("request", ""))

    @property
    def job(self) -> str:
        return str(self.about.get("job", ""))

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def where(self) -> str:
        names = [place_label(code) or code for code in self.places[:3]]
        return "、".join(names) + (f" 等 {len(self.places)} 处" if len(self.places) > len(names) else "")


def address_of(user: User | AnonymousUser, *, day: date | None = None, **of: Any) -> str:
    """Where the trail of a household, member, batch, job, account (``who``: its name) or ``day`` is read; empty for
    others than those who may, and for whoever has not signed in."""
    if not isinstance(user, User) or not user.can(Right.TRAIL_VIEW):
        return ""
    return f"{reverse('trail')}?{urlencode(of | ({'since': day, 'until': day} if day else {}))}"


def acts(user: User, asked: Asked) -> list[Act]:
    """The newest acts that fit, at most ``MOST``."""
    codes = user.places_with(Right.TRAIL_VIEW)
    found = [part for source in trail_sources() if (part := part_of(user, source, codes, asked)) is not None]
    if not found:
        return []
    query = sql.SQL(ACTS).format(parts=sql.SQL(" UNION ALL ").join(query for query, _ in found))
    values = [value for _, given in found for value in given]
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, MOST])
        rows = cursor.fetchall()
    found_acts = [act_of(row) for row in rows]
    names = names_of(act.about.get("user") for act in found_acts)
    for act in found_acts:
        act.who = who_did(act.about, names) if act.context else OUTSIDE
    return found_acts


def act_of(row: Sequence[Any]) -> Act:
    context, at, about, parts, count, places = row
    said = json.loads(about) if about else {}
    return Act(str(context or ""), at, said, summary(parts), count, [code for code in places if code])


def who_did(about: dict[str, Any], names: dict[int, str]) -> str:
    return names.get(about.get("user") or 0) or hand_of(about.get("verb", ""))


def summary(parts: Iterable[str]) -> str:
    """农户 新增 3、成员 修改 12."""
    labels = [source.label for source in trail_sources()]
    said = []
    for part in parts:
        number, kind, count = part.split(" ")
        said.append(f"{labels[int(number)]}{KINDS.get(kind, '修改')} {int(count):,}")
    return "、".join(said)


def part_of(
    user: User, source: TrailSource, codes: Sequence[str], asked: Asked
) -> tuple[sql.Composable, list[Any]] | None:
    """The newest versions of one table that fit; None where none can."""
    conditions: list[tuple[str, list[Any]]] = []
    for name in ("household", "member", "batch"):
        if (wanted := getattr(asked, name)) is not None:
            condition, values = source.about(name, wanted)
            if not condition:
                return None
            conditions.append((condition, values))
    conditions.append(inside(source.place, codes) if source.place else hung_on(user, source, asked.place))
    if asked.place and source.place:
        conditions.append(inside(source.place, [asked.place]))
    conditions += [*moments(asked), *by_context(asked)]
    number = trail_sources().index(source)
    query = sql.SQL(PART).format(
        number=sql.Literal(number),
        place=sql.Identifier("e", source.place) if source.place else sql.SQL("NULL"),
        table=sql.Identifier("public", source.table),
        where=sql.SQL(" AND ".join(f"({condition})" for condition, _ in conditions) or "true"),
    )
    return query, [*(value for _, given in conditions for value in given), DEEP]


def hung_on(user: User, source: TrailSource, place: str) -> tuple[str, list[Any]]:
    """The version is of a row that the person may see today, in a place if one is asked for: for tables that hold no
    place themselves."""
    model: Any = source.model
    rows = model._default_manager.visible_to(user).order_by()
    try:
        found = rows.filter(within(model.scope.place, place)) if place else rows
        text, values = found.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "false", []
    return f"e.pgh_obj_id IN ({text})", list(values)


def inside(column: str, codes: Sequence[str]) -> tuple[str, list[Any]]:
    """Inside one of the places."""
    if not codes:
        return "false", []
    parts = [f'e."{column}" = %s' if len(code) > 12 else f'e."{column}" >= %s AND e."{column}" < %s' for code in codes]
    values = [value for code in codes for value in ((code,) if len(code) > 12 else (code, end_of(code)))]
    return " OR ".join(f"({part})" for part in parts), values


def moments(asked: Asked) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    if asked.since:
        found.append(("e.pgh_created_at >= %s", [midnight(asked.since)]))
    if asked.until:
        found.append(("e.pgh_created_at < %s", [midnight(asked.until + timedelta(days=1))]))
    return found


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def by_context(asked: Asked) -> list[tuple[str, list[Any]]]:
    """Who, which verb, which import or job."""
    wanted = {"user": str(asked.account) if asked.account else "", "job": asked.job, "verb": asked.verb}
    return [
        ("EXISTS (SELECT FROM public.pghistory_context AS c WHERE c.id = e.pgh_context_id AND c.metadata->>%s = %s)",
         [name, value])
        for name, value in wanted.items() if value
    ]  # fmt: skip


def changes_of(user: User, context: str) -> tuple[Act, list[tuple[str, str, list[Change]]]] | None:
    """One act and its changes (what, kind, fields before and after), at most ``CHANGES``; None for one that the person
    may not see any part of."""
    about = Context.objects.filter(pk=context).first()
    if about is None:
        return None
    codes = user.places_with(Right.TRAIL_VIEW)
    found: list[tuple[TrailSource, Any]] = []
    parts, places = [], set()
    at = about.created_at
    for number, source in enumerate(trail_sources()):
        rows = versions(user, source, codes, context, CHANGES + 1 - len(found))
        for row in rows:
            at = row.pgh_created_at
            places.add(str(getattr(row, source.place, "") or "") if source.place else "")
            found.append((source, row))
        kinds = Counter(row.pgh_label for row in rows)
        parts += [f"{number} {kind} {count}" for kind, count in kinds.items()]
    if not found:
        return None
    metadata = dict(about.metadata)
    act = Act(context, at, metadata, summary(parts), len(found), sorted(filter(None, places)))
    act.who = who_did(metadata, names_of([metadata.get("user")]))
    act.signed_in = signed_in_from(metadata.get("user"), act.at)
    act.account = User.objects.filter(pk=metadata.get("user")).values_list("username", flat=True).first() or ""
    names = rows_named(row for _source, row in found[:CHANGES])
    return act, [
        (f"{source.label} {names[id(row)]}", KINDS.get(row.pgh_label, "修改"), fields_of(source, row))
        for source, row in found[:CHANGES]
    ]


def rows_named(rows: Iterable[Any]) -> dict[int, str]:
    """What a version is of, by the identity of its object: its name or title, else the person's or household's it is
    about, else the number of its row."""
    rows = list(rows)
    people, homes = ([pk for row in rows if (pk := getattr(row, key, None))] for key in ("member_id", "household_id"))
    persons = dict(Member.objects.filter(pk__in=people).values_list("pk", "name"))
    numbers = dict(Household.objects.filter(pk__in=homes).values_list("pk", "household_no"))
    return {id(row): _named(row, persons, numbers) for row in rows}


def _named(row: Any, persons: dict[int, str], numbers: dict[int, str]) -> str:
    own = getattr(row, "household_no", "") or getattr(row, "name", "") or getattr(row, "title", "")
    person = persons.get(getattr(row, "member_id", None) or 0)
    year = f" {row.year}年" if getattr(row, "year", None) else ""
    return f"{own or person or numbers.get(getattr(row, 'household_id', None) or 0) or row.pgh_obj_id}{year}"


def signed_in_from(user: int | None, at: datetime) -> str:
    """From which address, and when, the person had signed in last before the act; nothing for acts of nobody."""
    rows = SignInAttempt.objects.filter(user=user, at__lte=at, outcome=SignInAttempt.Outcome.LET_IN) if user else None
    found = rows.order_by("-at").first() if rows is not None else None
    if found is None:
        return ""
    return f"{found.address or '地址未记录'}（{timezone.localtime(found.at):%Y-%m-%d %H:%M} 登录）"


def versions(user: User, source: TrailSource, codes: Sequence[str], context: str, most: int) -> list[Any]:
    if most <= 0:
        return []
    rows: Any = source.event._default_manager.filter(pgh_context_id=context)
    if source.place:
        rows = rows.filter(within_any(source.place, codes))
    else:
        hung: Any = source.model._default_manager
        rows = rows.filter(pgh_obj_id__in=hung.visible_to(user).values("pk"))
    return list(rows.order_by("pgh_id")[:most])


def fields_of(source: TrailSource, row: Any) -> list[Change]:
    """What differs from the version before; of a first one what was filled in."""
    if row.pgh_label == "delete":
        return []
    before: Any = (
        type(row)._default_manager.filter(pgh_obj_id=row.pgh_obj_id, pgh_id__lt=row.pgh_id).order_by("-pgh_id").first()
    )
    found = []
    for each in visible_fields(source.model):
        if each.attname not in source.columns:
            continue
        new, old = getattr(row, each.attname), getattr(before, each.attname) if before else None
        if new != old and not (before is None and new in (None, "", [], {})):
            was, now = (said(source.model, kept, each, value) for kept, value in ((before, old), (row, new)))
            found.append(Change(str(each.verbose_name), was, now))
    return found


def said(model: Any, row: Any, each: Field[Any, Any], value: Any) -> str:
    """A value in words: places and people by their names, codes by their labels, facts that were kept together one by
    one."""
    if value and came_by_birth(row, each.name):
        return f"{value.year}年"
    if value and isinstance(value, dict):
        return told(value)
    if value and not each.choices and (own := getattr(model, f"get_{each.name}_display", None)):
        return str(own(model(**{each.attname: value})))
    points_to = each.remote_field.model if value and each.remote_field else None
    if points_to is Place:
        return place_label(value) or str(value)
    return names_of([value]).get(value, str(value)) if points_to is User else shown(each, value)


FACTS = (AnnualRecord, MemberYear, Member, Household)


def told(facts: dict[str, Any]) -> str:
    """Facts that were kept together, each by its label; without those that were not recorded, and without the hashes by
    which numbers are found."""
    parts = [f"{_label(name)} {_fact(name, each)}" for name, each in facts.items() if _is_said(name, each)]
    return "；".join(parts)


def _is_said(name: str, value: Any) -> bool:
    return value not in (None, "", []) and not isinstance(_field(name), LookupHashField)


def _field(name: str) -> Field[Any, Any] | None:
    known = (each for model in FACTS for each in model._meta.concrete_fields if name in (each.name, each.attname))
    return next(known, None)


def _label(name: str) -> str:
    field = _field(name)
    return TOGETHER.get(name) or (str(field.verbose_name) if field is not None else name)


TOGETHER = {
    "record": "年度登记", "household": "户", "members": "成员", "school_age": "学龄儿童", "uninsured": "没有参保的人",
    "verdict": "评定", "persons": "人数", "per_head": "人均纯收入", "line": "标准",
    "candidate": "普通农户",
}  # fmt: skip
"""What facts are kept under that are no columns of the register."""


def _fact(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"（{told(value)}）"
    if isinstance(value, list):
        return "、".join(_fact(name, each) for each in value)
    if name == BIRTH:
        return f"{str(value)[:4]}年"
    field = _field(name)
    return shown(field, value) if field is not None and isinstance(value, str) else plain(value)


PART = """
(SELECT {number} AS source, e.pgh_context_id AS context, e.pgh_created_at AS at, e.pgh_label AS label,
    {place}::text COLLATE "C" AS place
 FROM {table} AS e WHERE {where} ORDER BY e.pgh_id DESC LIMIT %s)
"""
ACTS = """
WITH found AS ({parts}),
counted AS (
    SELECT context, at, source, label, count(*) AS rows FROM found GROUP BY context, at, source, label
), grouped AS (
    SELECT context, at, array_agg(source || ' ' || label || ' ' || rows ORDER BY rows DESC, source) AS parts,
           sum(rows)::int AS rows
    FROM counted GROUP BY context, at ORDER BY at DESC LIMIT %s
)
SELECT g.context, g.at, c.metadata::text, g.parts, g.rows,
       ARRAY(SELECT DISTINCT f.place FROM found AS f
             WHERE f.at = g.at AND f.context IS NOT DISTINCT FROM g.context AND f.place IS NOT NULL ORDER BY 1 LIMIT 50)
FROM grouped AS g LEFT JOIN public.pghistory_context AS c ON c.id = g.context
ORDER BY g.at DESC
"""
