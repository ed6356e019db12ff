"""One row of a sheet into lines for COPY: cells read by their columns, faults noted, nothing looked up in the database.

Everything that concerns more than one row (duplicates, heads, what is registered already) is SQL over sets afterwards.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from households.register.names import name_fault
from households.register.people import id_fault_message, spelling
from households.sheets.outcome import QUESTION, WARNING, rank_of
from households.sheets.placebook import PlaceBook
from povreg.kit.bulk import copy_text
from povreg.kit.crypto import keyring
from povreg.kit.idnumber import IdFault, parse
from povreg.kit.papers import paper_of
from povreg.kit.sheets.cells import BLANKS, Fault, Told, error_in, text_of
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.finding import Found
from povreg.kit.sheets.kinds import Account, Phone, Yuan

NULL = "\\N"
PREFIX = {"household": "h_", "member": "m_", "annual": "a_", "year": "y_", "review": "v_", "row": ""}
BLANK = Fault("required", "不能为空，请填写")
PLACE = ("row.township", "row.village")
ID_NAMES = ("m_id_no", "m_id_hash", "m_id_area", "m_id_type", "m_sex", "m_birth_date", "id_base", "id_blank")
LONGEST_ID = 18
Note = tuple[int, str, str, int]  # position of the column, code, message, rank
Put = Callable[[Any, list[str], list[Note]], None]


def staged_name(column: Column) -> str:
    """The staging column of a field path: ``household.phone`` is h_phone, ``row.size`` is size."""
    model, name = column.field.split(".")
    return PREFIX[model] + name


def _with_hash(column: Column) -> tuple[str, ...]:
    name = staged_name(column)
    return (name, f"{name.removesuffix('_account')}_hash")


def is_sealed(column: Column) -> bool:
    """Whether the column's numbers are kept encrypted beside a look-up hash."""
    return isinstance(column.kind, Phone | Account)


def staged_names(column: Column) -> tuple[str, ...]:
    """All staging columns that a column fills."""
    if column.field in PLACE or column.field.startswith("place."):
        return ()
    if column.field == "row.id_no":
        return ID_NAMES
    if column.field == "member.name":
        return ("m_name", "m_name_initials", "m_name_pinyin")
    return _with_hash(column) if is_sealed(column) else (staged_name(column),)


class Reading:
    """How the cells of one column become values: the column's kind, what must be filled, and what a question left open
    does (``confirmed`` are the kinds of questions answered with yes). What a rule of entry refuses is kept with a
    warning in the ``opening`` stock."""

    def __init__(
        self, column: Column, position: int, confirmed: Collection[str], factor: str = "", *, opening: bool = True
    ) -> None:
        self.column, self.position, self.confirmed, self.factor = column, position, confirmed, factor
        self.opening = opening

    def value(self, cell: Any, notes: list[Note]) -> Any:
        """The value of a cell, None where it says nothing; what is to be said about it goes into ``notes``."""
        if self.factor and cell != "":
            cell = f"{text_of(cell)}{self.factor}"
        value = None if cell == "" else self.column.kind.parse(cell)
        if value is None and self.column.must_fill:
            value = BLANK
        if isinstance(value, Told) and value.code == "check" and not self.opening:
            value = Fault(value.code, value.message)
        if isinstance(value, Told):
            asks = value.asks and value.code not in self.confirmed
            notes.append((self.position, value.code, value.message, QUESTION if asks else WARNING))
            return None if asks else value.value
        if isinstance(value, Fault):
            notes.append((self.position, value.code, value.message, rank_of(value.code)))
            return None
        return value


def _steady(reading: Reading) -> Put:
    """Few different values: each is read once and kept. A number and a truth value that are equal are two."""
    kept: dict[Any, tuple[str, list[Note]]] = {}

    def read(cell: Any) -> tuple[str, list[Note]]:
        notes: list[Note] = []
        return copy_text(reading.value(cell, notes)), notes

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        key = cell if cell.__class__ is str else (cell.__class__, cell)
        found = kept.get(key)
        if found is None:
            found = read(cell)
            if len(kept) < MOST_KEPT:
                kept[key] = found
        line.append(found[0])
        if found[1]:
            notes += found[1]

    return put


def _plain(reading: Reading, more: Callable[[Any], Sequence[str]] | None = None) -> Put:
    """Any text or amount; ``more`` gives the values of further staging columns."""
    width = len(staged_names(reading.column)) - 1
    must_fill = reading.column.must_fill

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        value = None if cell == "" and not must_fill else reading.value(cell, notes)
        if value is None:
            line.append(NULL)
            line.extend([NULL] * width)
            return
        line.append(copy_text(value))
        if more is not None:
            line.extend(more(value))

    return put


def _named(reading: Reading) -> Put:
    """A person's name: checked as entry does, with its pinyin; families share much of it, and names come again."""
    kept: dict[Any, tuple[list[str], list[Note]]] = {}

    def read(cell: Any) -> tuple[list[str], list[Note]]:
        notes: list[Note] = []
        name = reading.value(cell, notes)
        fault = name_fault(name) if name else ""
        if fault:
            notes.append((reading.position, "check", fault, rank_of("check")))
        if not name or fault:
            return [NULL] * 3, notes
        return [copy_text(name), *map(copy_text, spelling(name).values())], notes

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        found = kept.get(cell)
        if found is None:
            found = read(cell)
            if len(kept) < MOST_KEPT:
                kept[cell] = found
        line.extend(found[0])
        notes += found[1]

    return put


MOST_KEPT = 20_000  # names held while a sheet is read


def _sealed(reading: Reading) -> Put:
    """Sealed numbers: encrypted, with their look-up hash; equal texts (a household's phone) are sealed once."""
    ring = keyring()
    last: list[Any] = ["", NULL, NULL, []]

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        if cell == "":
            line += (NULL, NULL)
            return
        if cell != last[0]:
            found: list[Note] = []
            value = reading.value(cell, found)
            sealed = (NULL, NULL) if value is None else (ring.encrypt(value), ring.lookup(value))
            last[:] = cell, *sealed, found
        line += last[1:3]
        notes += last[3]

    return put


def _id_number(reading: Reading, today: date) -> Put:
    """Number, hash, area, kind of paper, sex, birth date; the hash of the first 18 characters, under which a person is
    one with his disability certificate; and whether the cell is blank."""
    ring = keyring()
    nothing = [NULL] * (len(ID_NAMES) - 1)
    position, kind = reading.position, reading.column.kind

    def refuse(line: list[str], notes: list[Note], code: str, message: str) -> None:
        notes.append((position, code, message, rank_of(code)))
        line += (*nothing, "f")

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        text = None if cell == "" else kind.parse(cell)
        if text is None:
            line += (*nothing, "t")
            return
        if isinstance(text, Fault):
            refuse(line, notes, text.code, text.message)
            return
        read = parse(text, today)
        if isinstance(read, IdFault):
            paper = paper_of(text)
            if paper is None:
                message = id_fault_message(text, read).removeprefix("证件号码").rstrip("。")
                refuse(line, notes, read.value, message)
                return
            looked_up = ring.lookup(text)
            line += (ring.encrypt(text), looked_up, "", paper, NULL, NULL, looked_up, "f")
            return
        if read.upgraded:
            notes.append((position, "id_upgraded", "15 位证件号码已升为 18 位，请核对", WARNING))
        looked_up = ring.lookup(read.text)
        base = ring.lookup(read.text[:LONGEST_ID]) if read.is_certificate else looked_up
        line += (
            ring.encrypt(read.text), looked_up, read.area, "2" if read.is_certificate else "1",
            read.sex, read.birth_date.isoformat(), base, "f",
        )  # fmt: skip

    return put


def _putter(reading: Reading, today: date) -> Put:
    column = reading.column
    if column.field == "row.id_no":
        return _id_number(reading, today)
    if column.field == "member.name":
        return _named(reading)
    if is_sealed(column):
        return _sealed(reading)
    return _steady(reading) if column.kind.steady else _plain(reading)


class RowCleaner:
    """Turns rows of one found sheet into staging lines and remarks, both in COPY text format."""

    def __init__(
        self, found: Found, places: PlaceBook, today: date, confirmed: Collection[str] = (), *, opening: bool = True
    ) -> None:
        self.found = found
        self.places = places
        self.confirmed = frozenset(confirmed)
        read = {position: column for position, column in found.match.columns.items() if staged_names(column)}
        self.columns = list(read.values())
        self.puts = [
            (
                position,
                _putter(
                    Reading(column, position, self.confirmed, self._factor(position, column), opening=opening), today
                ),
            )
            for position, column in read.items()
        ]
        self.doubtful = [(at[0], column) for column, at in found.match.doubtful]
        self.width = max([*found.match.columns, *(at for at, _ in self.doubtful)]) + 1
        self.at = {column.field: position for position, column in found.match.columns.items()}
        self.has_place = "row.village" in self.at
        self.names = ["n", *(["village_id"] if self.has_place else [])]
        self.names += [name for column in self.columns for name in staged_names(column)]

    def _factor(self, position: int, column: Column) -> str:
        return "万" if position in self.found.match.in_thousands and isinstance(column.kind, Yuan) else ""

    def clean(self, number: int, cells: list[Any]) -> tuple[str, list[str]]:
        """(staging line, remark lines) of a row."""
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        line: list[str] = [str(number)]
        notes: list[Note] = []
        if self.has_place:
            line.append(self._place(cells, notes))
        for position, put in self.puts:
            put(cells[position], line, notes)
        for position, column in self.doubtful:
            if column.must_fill:
                message = f"表中有几列都叫“{column.header}”，还没有指明用哪一列，这一行没有写入"
                notes.append((position, BLANK.code, message, rank_of(BLANK.code)))
        return "\t".join(line), [self._remark(number, note) for note in notes]

    def _place(self, cells: list[Any], notes: list[Note]) -> str:
        township, village = cells[self.at.get("row.township", self.at["row.village"])], cells[self.at["row.village"]]
        fault = error_in(text_of(village)) or error_in(text_of(township))
        if fault is None:
            township, village = ("" if text in BLANKS else text for text in map(text_of, (township, village)))
            if not village:
                fault = BLANK
            else:
                found = self.places.find(township, village)
                if not isinstance(found, Fault):
                    return found
                fault = found
        notes.append((self.at["row.village"], fault.code, fault.message, rank_of(fault.code)))
        return NULL

    def _remark(self, number: int, note: Note) -> str:
        position, code, message, rank = note
        column = self.found.match.columns.get(position) or dict(self.doubtful)[position]
        fields = (self.found.sheet, number, rank, position, column.header, code, f"{column.header}：{message}。")
        return "\t".join(map(copy_text, fields))
