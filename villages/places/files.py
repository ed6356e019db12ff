"""The five place files as published, read line by line and checked.

Columns are those of the open data set: ``code``, ``name``, then the codes of the places above.
"""

import csv
import lzma
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "places"
NAME_LENGTH = 80


class PlaceFileError(Exception):
    """A file that cannot be loaded; the text names the file, the line, the fault and the remedy."""


@dataclass(frozen=True)
class PlaceFile:
    """One level's file: digits of its codes, and the column that repeats the parent's code."""

    stem: str
    level: int
    digits: int
    parent_digits: int
    parent_column: str


FILES = (
    PlaceFile("provinces", 1, 2, 0, ""),
    PlaceFile("cities", 2, 4, 2, "provinceCode"),
    PlaceFile("areas", 3, 6, 4, "cityCode"),
    PlaceFile("streets", 4, 9, 6, "areaCode"),
    PlaceFile("villages", 5, 12, 9, "streetCode"),
)
CODE_LENGTHS = {file.digits for file in FILES}


class PlaceLine(NamedTuple):
    """A line of a file that passed the checks."""

    code: str
    name: str
    level: int
    parent: str


def read_places(directory: Path, under: str = "") -> Iterator[PlaceLine]:
    """Every place, provinces first; ``under`` keeps one place, the places above it and everything below it.

    Raises PlaceFileError, also in the middle: nothing may be stored before the last line was read.
    """
    if under and not (under.isascii() and under.isdigit() and len(under) in CODE_LENGTHS):
        raise PlaceFileError(f"--under：代码 {under} 不对，应为 2、4、6、9 或 12 位数字。")
    paths = [find_file(directory, file) for file in FILES]
    above: set[str] = {""}
    found = not under
    for file, path in zip(FILES, paths, strict=True):
        here: set[str] = set()
        for line in read_level(file, path, above, here):
            if line.code.startswith(under) or under.startswith(line.code):
                yield line
        above, found = here, found or under in here
    if not found:
        raise PlaceFileError(f"--under：文件中没有代码 {under}，请核对代码。")


def find_file(directory: Path, file: PlaceFile) -> Path:
    """The level's file, plain or compressed. Raises PlaceFileError when it is missing."""
    for name in (f"{file.stem}.csv", f"{file.stem}.csv.xz"):
        if (directory / name).is_file():
            return directory / name
    raise PlaceFileError(f"目录 {directory} 中缺少 {file.stem}.csv（或 {file.stem}.csv.xz），请补齐五级文件。")


def read_level(file: PlaceFile, path: Path, above: Container[str], here: set[str]) -> Iterator[PlaceLine]:
    """The lines of one file; ``above`` are the codes of the level above, ``here`` collects this level's."""
    try:
        with _open(path) as text:
            rows = csv.reader(text)
            code_at, name_at, parent_at = _columns(file, path, next(rows, []))
            for row in rows:
                if not row:
                    continue
                if len(row) <= max(code_at, name_at, parent_at):
                    raise _fault(path, rows.line_num, "列数不够", "补齐这一行")
                code, name = row[code_at], row[name_at]
                line = PlaceLine(code, name.strip(), file.level, code[: file.parent_digits])
                fault = _faults(file, line, row[parent_at] if file.parent_column else "", above, here)
                if fault:
                    raise _fault(path, rows.line_num, *fault)
                here.add(code)
                yield line
    except (UnicodeDecodeError, lzma.LZMAError, EOFError, csv.Error) as error:
        raise PlaceFileError(f"{path.name} 读不出来，文件可能已损坏或不是 UTF-8 编码，请重新取得后再试。") from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _columns(file: PlaceFile, path: Path, header: list[str]) -> tuple[int, int, int]:
    """Positions of code, name and the parent's code (that of the code for provinces)."""
    wanted = ["code", "name", file.parent_column or "code"]
    missing = [name for name in wanted if name not in header]
    if missing:
        raise PlaceFileError(f"{path.name} 的表头不对，缺少列 {'、'.join(missing)}，请核对是否放错了文件。")
    return header.index(wanted[0]), header.index(wanted[1]), header.index(wanted[2])


def _faults(
    file: PlaceFile, line: PlaceLine, said_parent: str, above: Container[str], here: Container[str]
) -> tuple[str, str] | None:
    """(fault, remedy) of a line, or None."""
    code, parent = line.code, line.parent
    if not (len(code) == file.digits and code.isascii() and code.isdigit()):
        return f"代码“{code[:20]}”不对", f"应为 {file.digits} 位数字"
    if not line.name or len(line.name) > NAME_LENGTH:
        return f"代码 {code} 的名称为空或过长", f"名称应为 1 到 {NAME_LENGTH} 个字"
    if said_parent != parent:
        return f"代码 {code} 的上级写成了“{said_parent[:20]}”", f"应与代码的前 {file.parent_digits} 位 {parent} 一致"
    if parent not in above:
        return f"代码 {code} 的上级 {parent} 不在上一级文件中", "请补上上级，或改正代码"
    if code in here:
        return f"代码 {code} 重复", "请只保留一行"
    return None


def _fault(path: Path, number: int, fault: str, remedy: str) -> PlaceFileError:
    return PlaceFileError(f"{path.name} 第 {number} 行：{fault}，{remedy}。")
