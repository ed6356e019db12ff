"""Breaks what has no children but is too long for a line."""

from __future__ import annotations

import re

from povreg.shell.markup.tree import word

WIDTH = 118  # characters of a line that is not broken further
SLACK = 15
_CODE_WORD = re.compile(r'(?:"[^"]*"|[^\s"])+')
_VALUE_OF_LINES = re.compile(r"='[^']*\n[^']*'")
_CLAUSE = re.compile(r".+?(?:[，。；、：？]|$)")
_BEFORE = frozenset({"~", "else", "if", "or", "and"})


def wrapped(text: str, column: int, indent: str) -> str:
    """A tag, statement or output that begins at ``column``, in several lines if need be.

    A value in single quotes that has lines of its own (JSON) stays as it is.
    """
    if _VALUE_OF_LINES.search(text):
        return text
    text = re.sub(r"\s*\n\s*", " ", text)
    if column + len(text) <= WIDTH + SLACK:
        return text
    return _filled(_code_pieces(text) if text.startswith("{") else _attributes(text), column, f"{indent}    ")


def comment(text: str, column: int, indent: str) -> str:
    """Comments that have lines of their own keep them."""
    return text if "\n" in text else _filled(text.split(), column, f"{indent}   ")


def clauses(text: str) -> list[str]:
    return _CLAUSE.findall(text)


def _filled(pieces: list[str], column: int, indent: str) -> str:
    lines, line = [], pieces[0]
    for piece in pieces[1:]:
        if column + len(line) + len(piece) + 1 > WIDTH:
            lines.append(line)
            line, column = piece, len(indent)
        else:
            line += f" {piece}"
    return f"\n{indent}".join([*lines, line])


def _code_pieces(text: str) -> list[str]:
    """Broken after commas and before operators."""
    pieces: list[str] = []
    for each in _CODE_WORD.findall(text):
        if pieces and not pieces[-1].endswith(",") and each not in _BEFORE:
            pieces[-1] += f" {each}"
        else:
            pieces.append(each)
    return pieces


def _attributes(text: str) -> list[str]:
    """The words of a tag; a condition around an attribute is not torn apart."""
    pieces, piece, depth, quote = [], "", 0, ""
    for part in re.split(r"(\{%.*?%\}|\{\{.*?\}\}|[\"' ])", text):
        if part.startswith("{%"):
            depth += {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(word(part), 0)
        elif part in ("'", '"'):
            quote = "" if quote == part else quote or part
        if part == " " and not quote and not depth:
            pieces.append(piece)
            piece = ""
        else:
            piece += part
    return [*pieces, piece]
