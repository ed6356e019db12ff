"""A template as tokens, without the white space that Jinja2 takes away (with ``trim_blocks`` and ``lstrip_blocks``)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

_JINJA = r"\{%.*?%\}|\{\{.*?\}\}"
_TAG = (
    rf"</?[a-zA-Z](?:{_JINJA}|\"(?:{_JINJA}|[^\"])*\"|'(?:{_JINJA}|[^'])*'|"
    r"[^<>\"'{]|\{(?![%{#]))*>|<!--.*?-->|<!doctype[^>]*>"
)
_TOKEN = re.compile(rf"(\{{#.*?#\}}|{_JINJA}|{_TAG})", re.DOTALL | re.IGNORECASE)
_LINE_START = re.compile(r"(^|\n)[ \t]*$")
JOINT = "{# -#}"  # eats a line break inside a text


class Kind(Enum):
    TEXT = "text"
    TAG = "tag"
    OUTPUT = "output"
    STATEMENT = "statement"
    COMMENT = "comment"


KINDS = {"{{": Kind.OUTPUT, "{%": Kind.STATEMENT, "{#": Kind.COMMENT}


@dataclass
class Token:
    kind: Kind
    text: str

    @property
    def is_jinja(self) -> bool:
        return self.kind not in (Kind.TEXT, Kind.TAG)


def tokens(source: str) -> list[Token]:
    """White space in texts is what a page really holds there; marks of white space are gone from the tags."""
    found = [Token(_kind(text), text) for text in _TOKEN.split(source) if text]
    for at, token in enumerate(found):
        if at and token.is_jinja:
            _take_before(token, found[at - 1], at == 1 or found[at - 2].text.endswith("\n"))
    for token, after in itertools.pairwise(found):
        if token.is_jinja:
            _take_after(token, after)
    return list(_joined(Token(each.kind, _plain(each)) for each in found if each.text not in ("", JOINT)))


def _kind(text: str) -> Kind:
    if text[:2] in KINDS and len(text) > 3:
        return KINDS[text[:2]]
    return Kind.TAG if _TOKEN.fullmatch(text) else Kind.TEXT


def _take_before(token: Token, before: Token, at_start: bool) -> None:
    if before.kind is not Kind.TEXT:
        return
    if token.text[2] == "-":
        before.text = before.text.rstrip()
    elif token.kind is not Kind.OUTPUT and (found := _LINE_START.search(before.text)) and (found[1] or at_start):
        before.text = before.text[: found.end(1)]


def _take_after(token: Token, after: Token) -> None:
    if after.kind is not Kind.TEXT:
        return
    if token.text[-3] == "-":
        after.text = after.text.lstrip()
    elif token.kind is not Kind.OUTPUT and token.text[-3] != "+":
        after.text = after.text.removeprefix("\n")


def _plain(token: Token) -> str:
    if token.kind not in (Kind.OUTPUT, Kind.STATEMENT):
        return token.text
    opened, closed = token.text[:2], token.text[-2:]
    return f"{opened} {token.text[2:-2].strip('-+').strip()} {closed}"


def _joined(found: Iterable[Token]) -> Iterable[Token]:
    """Texts that a joint parted are one again."""
    last: Token | None = None
    for token in found:
        if last and last.kind is token.kind is Kind.TEXT:
            last.text += token.text
            continue
        if last:
            yield last
        last = token
    if last:
        yield last
