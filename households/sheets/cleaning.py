"""One row of a sheet into lines for COPY: cells read by their columns, faults noted, nothing looked up in the database.

Everything that concerns more than one row (duplicates, heads, what is registered already) is SQL over sets afterwards.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from households.register.people import id_fault_message, spelling
from households.sheets.outcome import rank_of
from households.sheets.placebook import PlaceBook
from povreg.kit.bulk import copy_text
from povreg.kit.crypto import keyring
from povreg.kit.idnumber import IdFault, parse
from povreg.kit.sheets.columns import Column
from povreg.kit.sheets.kinds import Fault, Phone, text_of
from povreg.kit.sheets.reader import Found

NULL = "\\N"
PREFIX = {"household": "h_", "member": "m_", "annual": "a_", "year": "y_", "review": "v_", "row": ""}
BLANK = Fault("required", "不能为空，请填写")
PLACE = ("row.township", "row.village")
ID_NAMES = ("m_id_no", "m_id_hash", "m_id_area", "m_id_type", "m_sex", "m_birth_date")
Note = tuple[int, str, str]  # position of the column, code, message
Put = Callable[[Any, list[str], list[Note]], None]


def staged_name(column: Column) -> str:
    """The staging column of a field path: ``household.phone`` is h_phone, ``row.size`` is size."""
    model, name = column.field.split(".")
    return PREFIX[model] + name


def _with_hash(column: Column) -> tuple[str, ...]:
    name = staged_name(column)
    return (name, f"{name.removesuffix('_account')}_hash")


def staged_names(column: Column) -> tuple[str, ...]:
    """All staging columns that a column fills."""
    if column.field in PLACE or column.field.startswith("place."):
        return ()
    if column.field == "row.id_no":
        return ID_NAMES
    if column.field == "member.name":
        return ("m_name", "m_name_initials", "m_name_pinyin")
    return _with_hash(column) if isinstance(column.kind, Phone) else (staged_name(column),)


def _steady(column: Column, position: int) -> Put:
    """Few different values: each text is read once and kept."""
    kept: dict[str, tuple[str, Note | None]] = {}

    def read(cell: Any) -> tuple[str, Note | None]:
        value = column.kind.parse(cell)
        if value is None and column.must_fill:
            value = BLANK
        if isinstance(value, Fault):
            return NULL, (position, value.code, value.message)
        return copy_text(value), None

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        if cell.__class__ is str:
            found = kept.get(cell)
            if found is None:
                found = kept[cell] = read(cell)
        else:
            found = read(cell)
        line.append(found[0])
        if found[1] is not None:
            notes.append(found[1])

    return put


def _plain(column: Column, position: int, more: Callable[[Any], Sequence[str]] | None = None) -> Put:
    """Any text or amount; ``more`` gives the values of further staging columns."""
    width = len(staged_names(column)) - 1
    parse_cell, must_fill = column.kind.parse, column.must_fill

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        value = None if cell == "" else parse_cell(cell)
        if value is None and must_fill:
            value = BLANK
        if value is None or isinstance(value, Fault):
            line.append(NULL)
            line.extend([NULL] * width)
            if value is not None:
                notes.append((position, value.code, value.message))
            return
        line.append(copy_text(value))
        if more is not None:
            line.extend(more(value))

    return put


def _sealed(column: Column, position: int) -> Put:
    """Sealed numbers: encrypted, with their look-up hash; equal texts (a household's phone) are sealed once."""
    ring = keyring()
    last: list[str] = ["", NULL, NULL]

    def put(cell: Any, line: list[str], _notes: list[Note]) -> None:
        value = None if cell == "" else column.kind.parse(cell)
        if value is None:
            line += (NULL, NULL)
            return
        if value != last[0]:
            last[:] = value, ring.encrypt(value), ring.lookup(value)
        line += last[1:]

    return put


def _id_number(column: Column, position: int, today: date) -> Put:
    ring = keyring()

    def put(cell: Any, line: list[str], notes: list[Note]) -> None:
        text = text_of(cell)
        if not text and not column.must_fill:
            line += [NULL] * len(ID_NAMES)
            return
        read = parse(text, today) if text else None
        if read is None or isinstance(read, IdFault):
            fault = (
                BLANK
                if read is None
                else Fault(read.value, id_fault_message(text, read).removeprefix("证件号码").rstrip("。"))
            )
            notes.append((position, fault.code, fault.message))
            line += [NULL] * len(ID_NAMES)
            return
        if read.upgraded:
            notes.append((position, "id_upgraded", "15 位证件号码已升为 18 位，请核对"))
        line += (
            ring.encrypt(read.text), ring.lookup(read.text), read.area, "2" if read.is_certificate else "1",
            read.sex, read.birth_date.isoformat(),
        )  # fmt: skip

    return put


def _putter(column: Column, position: int, today: date) -> Put:
    if column.field == "row.id_no":
        return _id_number(column, position, today)
    if column.field == "member.name":
        return _plain(column, position, lambda name: [copy_text(text) for text in spelling(name).values()])
    if isinstance(column.kind, Phone):
        return _sealed(column, position)
    return _steady(column, position) if column.kind.steady else _plain(column, position)


class RowCleaner:
    """Turns rows of one found sheet into staging lines and remarks, both in COPY text format."""

    def __init__(self, found: Found, places: PlaceBook, today: date) -> None:
        self.found = found
        self.places = places
        read = {position: column for position, column in found.match.columns.items() if staged_names(column)}
        self.columns = list(read.values())
        self.puts = [(position, _putter(column, position, today)) for position, column in read.items()]
        self.width = max(found.match.columns) + 1
        self.at = {column.field: position for position, column in found.match.columns.items()}
        self.has_place = "row.village" in self.at
        self.names = ["n", *(["village_id"] if self.has_place else [])]
        self.names += [name for column in self.columns for name in staged_names(column)]

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
        return "\t".join(line), [self._remark(number, note) for note in notes]

    def _place(self, cells: list[Any], notes: list[Note]) -> str:
        township, village = text_of(cells[self.at["row.township"]]), text_of(cells[self.at["row.village"]])
        if not village:
            notes.append((self.at["row.village"], BLANK.code, BLANK.message))
            return NULL
        found = self.places.find(township, village)
        if isinstance(found, Fault):
            notes.append((self.at["row.village"], found.code, found.message))
            return NULL
        return found

    def _remark(self, number: int, note: Note) -> str:
        position, code, message = note
        header = self.found.match.columns[position].header
        fields = (self.found.sheet, number, rank_of(code), position, header, code, f"{header}：{message}。")
        return "\t".join(map(copy_text, fields))
