"""A roster's staged rows into households and members: current facts only, never yearly records.

The order of steps is the contract's order of rejects: whatever a row was rejected for in reading keeps its rank, and
only rows without any reject are asked whether their household has its head. Staging tables: ``sheet_row`` every row,
``sheet_good`` the rows without a reject, ``sheet_remark`` rejects and warnings.
"""

from dataclasses import dataclass
from typing import Any

from households.models import Household, Member
from households.models.codes import HEAD
from households.models.household import STANDING
from households.sheets import grouping, roster_sql, standing_sql
from households.sheets.cleaning import LONGEST_ID, RowCleaner
from households.sheets.merge import insert_new, update_differing
from households.sheets.outcome import QUESTION, WARNING, Counts, rank_of
from households.sheets.staging import rejected_rows, remark, remark_each, rows_of, run, staged_fields
from households.sheets.standing import risks_said, said_columns, settle
from povreg.kit.bulk import copy_into
from povreg.kit.crypto import keyring

READY = "sheet_ready"
MANY_CHANGES = 20  # registered numbers a sheet may replace before more than half of them is doubted
_PHONES = {
    "h_phone": ("households_household", "phone_hash", "household_id", "g.facts"),
    "m_phone": ("households_member", "phone_hash", "member_id", "TRUE"),
}
RISK_DATES = ("risk_cleared_on", "risk_identified_on")
SAID_BY = {  # what follows from another value changes with it only
    "h_phone": "h_phone_hash",
    "h_bank_account": "h_bank_hash",
    "m_phone": "m_phone_hash",
    **dict.fromkeys(("m_id_no", "m_id_area", "m_id_type", "m_sex", "m_birth_date"), "m_id_hash"),
}


@dataclass(frozen=True)
class RosterMerge:
    """One roster on its way into one county. ``within``: places somebody may import into (None: all of it)."""

    cleaner: RowCleaner
    county: str
    within: list[str] | None = None
    sheet_id: int | None = None

    @property
    def sheet(self) -> str:
        return self.cleaner.found.sheet

    @property
    def params(self) -> dict[str, Any]:
        return {"county": self.county, "sheet": self.sheet, "warning": WARNING, "within": self.within or []}

    def run(self, rows_read: int) -> tuple[Counts, list[int]]:
        """Reject, match, write; returns the counts and the ids of the households that changed."""
        self._number()
        if "person_no" not in self.cleaner.names:
            run("ALTER TABLE sheet_row ADD COLUMN person_no text")
        self._reject_nameless()
        self._know_other_papers()
        self._reject_duplicates()
        run(roster_sql.NOTE_SEEN)
        self._gather()
        self._adopt_ordinary()
        run(roster_sql.MATCH_BY_ID, self.params)
        run(roster_sql.MATCH_BY_NUMBER, self.params)
        self._mark_older()
        self._reject_headless()
        run(roster_sql.PICK_FACTS)
        self._warn()
        return self._write(rows_read)

    def _reject_nameless(self) -> None:
        empty = "不能为空，请填写；还没有证件的人请填登记过的人编号"
        self._remark("row.id_no", "required", empty, roster_sql.NO_NUMBER)

    def _know_other_papers(self) -> None:
        """A disability certificate and the number it begins with are one person's."""
        run(roster_sql.BY_CERTIFICATE)
        ring = keyring()
        held = rows_of(roster_sql.CERTIFIED, self.params)
        known = [(ring.lookup(ring.decrypt(sealed)[:LONGEST_ID]), member) for member, sealed in held]
        copy_into("sheet_certified", ("base", "member_id"), known)
        run(roster_sql.UNDER_OTHER_PAPER, self.params)

    def _mark_older(self) -> None:
        """Facts that are older than the registered ones wait for a yes, and bring nobody in."""
        if "h_data_date" not in self.cleaner.names:
            return
        run(roster_sql.MARK_OLDER)
        self._ask("household.data_date", "older_data", "较新的资料没有改动；确认后用本表覆盖", roster_sql.OLDER)
        if "older_data" in self.cleaner.confirmed:
            run("UPDATE sheet_good SET older = FALSE WHERE older")
            return
        unknown = (
            "本表的数据日期早于登记的，此人不在登记的成员中，没有加入；确要加入请在该户页面办理，或确认用较早的数据"
        )
        self._remark("member.name", "check", unknown, roster_sql.NEW_IN_OLDER)
        run(standing_sql.DROP_REJECTED, self.params)

    def _ask(self, field: str, code: str, what: str, query: str) -> None:
        """A question on every row of ``query`` (n, said); once answered with yes a warning."""
        column = self.cleaner.found.spec.column(field)
        rank = WARNING if code in self.cleaner.confirmed else QUESTION
        what = "已按确认写入" if rank == WARNING else what
        remark_each(self.sheet, column.header, self.cleaner.at.get(field, 0), code, rank, what, query, self.params)

    def _number(self) -> None:
        grouping.number_households(self.cleaner, self.county)

    def _remark(self, field: str, code: str, message: str, query: str) -> None:
        column = self.cleaner.found.spec.column(field)
        position = self.cleaner.at.get(field, 0)
        remark(self.sheet, column.header, position, code, rank_of(code), message, query, self.params)

    def _reject_duplicates(self) -> None:
        """The same id earlier in this file (whatever became of that row), or present in another registered household;
        and households outside one's area."""
        earlier = "本表前面已有相同的证件号码，一人只能登记一次，请核对后删去一行"
        self._remark("row.id_no", "duplicate_person", earlier, roster_sql.SAME_ID_EARLIER)
        self._reject_elsewhere()
        if self.within is not None:
            outside = "该户登记在您负责的范围之外，请核对户编号，或交由该户所在乡镇导入"
            self._remark("row.village", "unknown_place", outside, roster_sql.OUTSIDE)

    def _reject_elsewhere(self) -> None:
        elsewhere = "已登记在本县另一户，请核对；如确已转入，请先由原户办理转出"
        self._remark("row.id_no", "duplicate_person", elsewhere, roster_sql.SAME_ID_ELSEWHERE)

    def _gather(self) -> None:
        """The rows without any reject so far, with the household they belong to where it is registered."""
        run(roster_sql.GATHER, self.params)
        run("CREATE INDEX ON sheet_good (household_no)")
        run("CREATE INDEX ON sheet_good (member_id)")
        run("ANALYZE sheet_good")

    def _adopt_ordinary(self) -> None:
        """A household that lives here without a class is the roster's, and takes its number (contract.md section 3)."""
        run(standing_sql.MATCH_ORDINARY, self.params)
        elsewhere = "已登记在本县另一户（普通农户），与本表的户不是同一户，请核对；如确已转入，请先由原户办理转出"
        self._remark("row.id_no", "duplicate_person", elsewhere, standing_sql.IN_ANOTHER_ORDINARY)
        run(standing_sql.DROP_REJECTED, self.params)

    def _reject_headless(self) -> None:
        """One head a household, counting registered members that the sheet does not mention.

        A head that stands in the sheet but was rejected leaves its household without one, whoever is registered.
        """
        run(roster_sql.HEADS)
        none = "本户没有可导入的户主，请补上或改正户主所在的行，与本户各行一起导入"
        self._remark("member.relation", "no_head", none, roster_sql.HEADS_WRONG.format("= 0"))
        many = "本户有不止一位户主（含已登记的），请只留一位"
        self._remark("member.relation", "many_heads", many, roster_sql.HEADS_WRONG.format("> 1"))
        run(roster_sql.DROP_HEADLESS)

    def _warn(self) -> None:
        """What is kept all the same, but somebody should look at."""
        for name, field, code, message, query in roster_sql.WARNINGS:
            if name in self.cleaner.names:
                self._remark(field, code, message, query)
        if "m_name" in self.cleaner.names:
            text = "登记的家庭成员比本表多，已合为一户，请核对未列出的成员"
            self._remark("member.name", "people_differ", text, standing_sql.NOT_IN_SHEET)
        self._ask("member.name", "name_differs", "没有改动；确认后改为本表的姓名", roster_sql.NAME_DIFFERS)
        self._hold_back_risk_dates()

    def _hold_back_risk_dates(self) -> None:
        """A risk cannot end before it was found: such dates are not stored."""
        given = [name for name in RISK_DATES if f"h_{name}" in self.cleaner.names]
        if not given:
            return
        columns = {name.split("_")[1]: f"r.h_{name}" if name in given else "NULL::date" for name in RISK_DATES}
        run(roster_sql.MARK_RISKY.format(**columns), self.params)
        for name in given:
            message = "风险消除早于风险识别，这两个时间未导入，请核对"
            self._remark(f"household.{name}", "risk_order", message, "SELECT n FROM sheet_good WHERE risky")

    def _make_ready(self, names: list[str]) -> None:
        """The view of what is written, over staged columns ``names`` and the validity of ids."""
        instead = {f"h_{name}": roster_sql.RISK_DATE.format(name=f"h_{name}") for name in RISK_DATES}
        instead["h_risks"] = risks_said(self.cleaner)
        if {"m_school_status", "m_education"} <= set(names):
            instead["m_school_status"] = roster_sql.SCHOOL
        for name, source in SAID_BY.items():
            known = f"{name[0]}.{source[2:]}"
            instead[name] = roster_sql.UNLESS_SAME.format(known=known, new=f"r.{source}", value=f"r.{name}")
        instead["h_declared_income"] = roster_sql.DECLARED
        instead["m_id_valid"] = roster_sql.VALID
        confirmed = "TRUE" if "name_differs" in self.cleaner.confirmed else "FALSE"
        for name in ("m_name", "m_name_initials", "m_name_pinyin"):
            instead[name] = roster_sql.UNLESS_NAMED.format(value=f"r.{name}", confirmed=confirmed)
        for name in self._held_numbers():
            new = "g.household_id" if name[0] == "h" else "m.id"
            instead[name] = f"CASE WHEN {new} IS NULL THEN {instead.get(name, f'r.{name}')} END"
        whole = "CASE WHEN NOT (g.held OR g.older) THEN {} END"
        facts = ", ".join(
            f'{whole.format(instead.get(name, f"r.{name}"))} AS "{name}"' for name in [*names, "m_id_valid"]
        )
        run(roster_sql.READY.format(facts=facts))

    def _held_numbers(self) -> list[str]:
        """Staging columns of telephone numbers that would be replaced in masse: a column sorted by itself looks so."""
        held = []
        for name, (table, own, key, rows) in _PHONES.items():
            if name not in self.cleaner.names or "many_changes" in self.cleaner.confirmed:
                continue
            query = roster_sql.REPLACED.format(hash=f"{name}_hash", own=own, table=table, key=key, rows=rows)
            [(changed, total)] = rows_of(query)
            if changed >= MANY_CHANGES and changed * 2 > total:
                held += [name, f"{name}_hash"]
                field = f"{'household' if name[0] == 'h' else 'member'}.phone"
                message = f"本表与登记的不同的有 {changed} 个（共 {total} 个），像是整列错位，没有改动；确认后照表写入"
                self._remark(field, "many_changes", message, "SELECT min(n) AS n FROM sheet_good")
        return held

    def _write(self, rows_read: int) -> tuple[Counts, list[int]]:
        households = [name for name in staged_fields(self.cleaner, "household") if name not in STANDING]
        members = staged_fields(self.cleaner, "member")
        said = [f"h_{name}" for name in said_columns(self.cleaner)]
        self._make_ready([*(f"h_{name}" for name in households), *said, *(f"m_{name}" for name in members)])
        changed = [row[0] for row in rows_of(standing_sql.ADOPT)]
        members.append("id_valid")
        changed += update_differing(Household, households, "h_", READY, "household_id", "s.facts")
        former_heads = f"t.relation = '{HEAD}' AND s.m_relation <> '{HEAD}'"
        touched = update_differing(Member, members, "m_", READY, "member_id", former_heads)
        touched += update_differing(Member, members, "m_", READY, "member_id")
        self._insert(households, members)
        changed = sorted({*changed, *self._settle()})
        run(roster_sql.SETTLE, {"members": touched, "households": changed})
        tally = dict(rows_of(roster_sql.OUTCOMES))
        counts = Counts(rows_read, *(tally.get(name, 0) for name in ("created", "updated", "unchanged")))
        counts.rejected = rejected_rows(self.sheet)
        return counts, [row[0] for row in rows_of(roster_sql.CHANGED_HOUSEHOLDS)]

    def _settle(self) -> list[int]:
        """What the sheet says of standing; returns the ids of the households whose spells were written."""
        source = f"名册导入：{self.cleaner.found.sheet}"[:120]
        return settle(self.cleaner, self.county, self.params, source, self.sheet_id)

    def _insert(self, households: list[str], members: list[str]) -> None:
        given = {"household_no": "s.household_no", "village": "s.village_id"}
        insert_new(Household, households, "h_", READY, "s.facts AND s.household_id IS NULL", given)
        run(roster_sql.FIND_NEW_HOUSEHOLDS, self.params)
        grouping.number_people(self.county)
        given = {"household": "s.household_id", "village": "s.registered_in", "person_no": "s.new_no"}
        insert_new(Member, members, "m_", READY, "s.member_id IS NULL", given)
