"""The policies of row-level security, made from what the models declare (``scope``) and set by ``grant_app``.

A row is shown where its place lies in the reach of the statement (povreg.kit.reach), or its household is one of the
helper's. History shows versions of what one may see now. A table whose place stands in another table follows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pghistory.models
from django.apps import apps
from django.db import connection
from django.db.models import Field, Model

from povreg.kit import reach
from villages.rights.scope import Scope, helped_sql

NAME = "povreg_reach"
OPEN: Mapping[str, str] = {
    "villages_unit": "offices, no households",
    "villages_unitvillage": "offices, no households",
    "villages_cadre": "offices, no households",
    "villages_user": "sign-in reads it before anybody is known",
    "villages_secondfactor": "sign-in reads it before anybody is known",
    "villages_recoverycode": "sign-in reads it before anybody is known",
    "villages_posting": "sign-in reads it before anybody is known",
    "villages_timedaccess": "granted by those who see no household; names none",
    "villages_villageyear": "figures of villages, no households",
    "households_proceduretemplate": "rules for everybody",
    "households_templatestep": "rules for everybody",
    "households_procedurekind": "rules for everybody",
    "households_quota": "counts of places, no households",
    "households_seasonwindow": "days of a place, no households",
    "audits_detectionrun": "counts of a county, no households",
    "households_tally": "counts of places, no households",
    "assistance_assistancetally": "counts of places, no households",
    "households_indicatorset": "rules for everybody",
    "households_indicator": "rules for everybody",
    "households_indicatorvalue": "figures of villages, no households",
    "households_openingstock": "one row a county, which every verb asks",
    "households_departmentlist": "heads of lists; their rows are secured",
    "assistance_policy": "the policy library, for everybody",
    "assistance_catalogueitem": "the catalogue of measures, for everybody",
    "assistance_incomemodel": "ways to earn of a county, for everybody",
    "assistance_loanterms": "rules of a county, for everybody",
    # what rows of households below the county are joined with
    "assistance_fundsource": "money of a county and where it is from, published",
    "assistance_allocation": "money given to projects, published",
    "assistance_project": "projects, published; whom they serve is secured",
    "assistance_partner": "firms and co-operatives; their households are secured",
    "assistance_resettlementsite": "sites; who lives there is secured",
    "assistance_pairinglimit": "rules of a county, for everybody",
    "households_comparison": "heads of results that serve all lists of a county; their hits are secured",
    "households_bulkact": "who signed for many lists at once, no households",
    "audits_auditround": "counts of a county, no households",
    "audits_rulesetting": "rules of a county, for everybody",
    "audits_comparisonlist": "heads of lists; their rows and hits are secured",
    "households_sheetimport": "reports of the county's imports; belongs to whoever imports",
    "households_deputy": "granted by those who look after postings and see no household; names none",
    "households_unmasklog": "read by those who look after accounts and see no household; holds numbers of rows only",
}
"""Tables with a place that are not secured, and why."""
ALSO: Mapping[str, str] = {
    # who lives elsewhere today, but lived in a household of the reach: its past years name him
    "households_member": "EXISTS (SELECT FROM public.households_presence AS lived WHERE lived.member_id = {key})",
    # a mark on two people is seen from where either of them lives
    "households_notsame": (
        "EXISTS (SELECT FROM public.households_member AS twin WHERE twin.id = households_notsame.other_id)"
    ),
}
"""Rows that a table shows beyond its scope; they are read, not written."""

PLACES = f"(SELECT NULLIF(split_part(current_setting('{reach.SETTING}', true), '|', 1), '')::public.place_ranges)"
EVERYTHING = f"{PLACES} = '{reach.ALL}'::public.place_ranges"
"""Of history, where who asks sees every place: versions of rows that are gone, too."""
AROUND = f"(SELECT NULLIF(split_part(current_setting('{reach.SETTING}', true), '|', 2), '')::public.place_ranges)"
HELPED = (
    f"(SELECT public.povreg_helped(NULLIF(split_part(current_setting('{reach.SETTING}', true), '|', 3), '')::bigint))"
)
PARTS = """
DO $$ BEGIN
    IF to_regtype('public.place_range') IS NULL THEN
        CREATE TYPE public.place_range AS RANGE
            (subtype = text, collation = "C", multirange_type_name = public.place_ranges);
        CREATE OPERATOR public.<@^ (LEFTARG = anyelement, RIGHTARG = anymultirange,
            FUNCTION = elem_contained_by_multirange, RESTRICT = neqsel);
    END IF;
END $$
"""
HELPED_BY = """
CREATE OR REPLACE FUNCTION public.povreg_helped(who bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ {query} $$
"""


class Policy(NamedTuple):
    """What one table shows."""

    table: str
    shows: str
    takes: str = "true"

    @property
    def mark(self) -> str:
        """Tells whether the policy in the database is this one."""
        return hashlib.sha256(f"{self.shows} {self.takes}".encode()).hexdigest()[:16]


def policies() -> list[Policy]:
    """One for every table that holds households or what hangs on them, their histories included."""
    secured = {model: model.scope for model in apps.get_models() if is_secured(model)}  # type: ignore[attr-defined]
    found = [policy_of(model, scope) for model, scope in secured.items()]
    kept = {model: model.pgh_tracked_model for model in apps.get_models() if is_history(model)}  # type: ignore[attr-defined]
    return found + [
        Policy(event._meta.db_table, f"{EVERYTHING} OR {shown_of_history(event, model, secured[model])}")
        for event, model in kept.items()
        if model in secured
    ]


def is_history(model: type[Model]) -> bool:
    return issubclass(model, pghistory.models.Event)


def policy_of(model: type[Model], scope: Scope) -> Policy:
    """A row that carries its place is written only inside the reach. One whose place stands in another table may be
    written by the statement that writes that one, too, which does not see it yet: there the foreign key holds."""
    table, own = model._meta.db_table, shown(model, scope)
    also = ALSO.get(table, "").format(key=f'"{table}"."{model._meta.pk.column}"')
    return Policy(table, f"{own} OR {also}" if also else own, "true" if "__" in scope.place else own)


def is_secured(model: type[Model]) -> bool:
    return isinstance(getattr(model, "scope", None), Scope) and model._meta.db_table not in OPEN


def shown(model: type[Model], scope: Scope) -> str:
    """The condition for a row of the model."""
    table = model._meta.db_table
    if not scope.household:
        return along(model, table, scope.place, f"{{}}::text OPERATOR(public.<@^) {AROUND}")
    own = along(model, table, scope.place, f"{{}}::text OPERATOR(public.<@^) {PLACES}")
    return f"{own} OR {along(model, table, scope.household, f'{{}} = ANY({HELPED}::bigint[])')}"


def shown_of_history(event: type[Model], kept: type[Model], scope: Scope) -> str:
    """A version is shown where the household (or what the row hangs on) is shown today, or where it lay itself if that
    is nobody's household any more."""
    table = event._meta.db_table
    hop = scope.household.split("__")[0] or scope.place.split("__")[0]
    if hop == "pk":
        return hung_on(kept, f'"{table}"."pgh_obj_id"')
    field = kept._meta.get_field(hop.removesuffix("_id"))
    if is_place(field):
        return f'"{table}"."{field.column}"::text OPERATOR(public.<@^) {AROUND}'  # type: ignore[union-attr]
    return hung_on(field.related_model, f'"{table}"."{field.column}"')  # type: ignore[arg-type,union-attr]


def hung_on(model: Any, column: str) -> str:
    key = model._meta.pk.column
    return f'EXISTS (SELECT FROM public."{model._meta.db_table}" AS kept WHERE kept."{key}" = {column})'


def along(model: Any, alias: str, path: str, test: str, depth: int = 0) -> str:
    """``test`` of the column at the end of a lookup that begins at the model."""
    first, _, rest = path.partition("__")
    field: Field[Any, Any] = model._meta.pk if first == "pk" else model._meta.get_field(first.removesuffix("_id"))
    column = f'"{alias}"."{field.column}"'
    if not rest:
        return test.format(f"COALESCE({column}, '')" if field.null and is_place(field) else column)
    parent, name = field.related_model, f"up{depth}"
    inner = along(parent, name, rest, test, depth + 1)
    key = parent._meta.pk.column  # type: ignore[union-attr]
    source = f'public."{parent._meta.db_table}" AS {name}'  # type: ignore[union-attr]
    return f'EXISTS (SELECT FROM {source} WHERE {name}."{key}" = {column} AND {inner})'


def is_place(field: Any) -> bool:
    return field.related_model is not None and field.related_model._meta.db_table == "villages_place"


def declare_tables() -> None:
    """Tell which statements carry their reach."""
    tables = [policy.table for policy in policies()]
    reach.secure_tables(f"{table.split('_')[0]}_" for table in tables)


def secure_rows(cursor: Any) -> int:
    """Set the policies that are not there as declared, and drop those of tables no longer secured. As the owner;
    returns how many tables were touched (each is locked for a moment)."""
    cursor.execute(PARTS)
    cursor.execute("SET LOCAL check_function_bodies = off")  # tables may be missing while migrations are undone
    cursor.execute(HELPED_BY.format(query=helped_sql()))
    cursor.execute(PRESENT, [NAME])
    present = dict(cursor.fetchall())
    there = {*connection.introspection.table_names(cursor)}
    declared = {policy.table: policy for policy in policies() if policy.table in there}
    changes = [*changed(declared, present), *dropped(set(present) - set(declared))]
    for statement in changes:
        cursor.execute(statement)
    return len(changes)


def changed(declared: Mapping[str, Policy], present: Mapping[str, str | None]) -> Iterator[str]:
    for table, policy in declared.items():
        if table in present and present[table] == policy.mark:
            continue
        yield (
            f'ALTER TABLE public."{table}" ENABLE ROW LEVEL SECURITY;'
            f'DROP POLICY IF EXISTS {NAME} ON public."{table}";'
            f'CREATE POLICY {NAME} ON public."{table}" USING ({policy.shows}) WITH CHECK ({policy.takes});'
            f"COMMENT ON POLICY {NAME} ON public.\"{table}\" IS '{policy.mark}'"
        )


def dropped(tables: set[str]) -> Iterator[str]:
    for table in sorted(tables):
        yield f'DROP POLICY {NAME} ON public."{table}"; ALTER TABLE public."{table}" DISABLE ROW LEVEL SECURITY'


PRESENT = """
SELECT relname, obj_description(policy.oid, 'pg_policy')
FROM pg_policy AS policy JOIN pg_class ON pg_class.oid = polrelid WHERE polname = %s
"""
