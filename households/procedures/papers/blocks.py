"""What a printed paper is made of, whatever it is written as: sheets of A4 with blocks from top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Text:
    """A paragraph. ``style``: body (first line indented), plain, centre, right, small, heading or part (a heading below
    one)."""

    kind: ClassVar[str] = "text"
    text: str
    style: str = "body"


@dataclass(frozen=True)
class Grid:
    """A table with heading row; ``widths`` in per cent of the sheet. Empty cells are filled in by hand."""

    kind: ClassVar[str] = "grid"
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[int, ...]
    tall: bool = False

    @property
    def columns(self) -> list[tuple[str, int]]:
        return list(zip(self.heads, self.widths, strict=True))


@dataclass(frozen=True)
class Facts:
    """Label and value, two pairs a row; empty values are filled in by hand."""

    kind: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> list[tuple[tuple[str, str], ...]]:
        padded = self.pairs if len(self.pairs) % 2 == 0 else (*self.pairs, ("", ""))
        return [padded[start : start + 2] for start in range(0, len(padded), 2)]


@dataclass(frozen=True)
class Box:
    """Room for an opinion, a signature and a stamp."""

    kind: ClassVar[str] = "box"
    label: str
    text: str
    signers: tuple[str, ...]


@dataclass(frozen=True)
class Stamp:
    """Who issues the paper, with room for the stamp, and the day."""

    kind: ClassVar[str] = "stamp"
    office: str
    day: str


@dataclass(frozen=True)
class Qr:
    """A QR code with the public address."""

    kind: ClassVar[str] = "qr"
    url: str
    caption: str


Block = Text | Grid | Facts | Box | Stamp | Qr


@dataclass(frozen=True)
class Sheet:
    """One paper that starts on a page of its own; one for the ``board`` is read by people who stand before it.
    ``footer`` stands at the foot of every page, beside its number; ``dense``: tables of many columns,
    in 五号."""

    title: str
    subtitle: str = ""
    blocks: list[Block] = field(default_factory=list)
    board: bool = False
    footer: str = ""
    dense: bool = False

    @property
    def points(self) -> tuple[float, int]:
        """Sizes of text and title; those of a board are the ones of official papers (三号, 二号)."""
        return (16, 22) if self.board else (10.5, 18) if self.dense else (12, 18)


@dataclass(frozen=True)
class Paper:
    """What is printed in one go. ``file`` is the name of the file: what it is, nobody's name."""

    title: str
    file: str
    sheets: list[Sheet]
