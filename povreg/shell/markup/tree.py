"""A template as a tree: elements of HTML, blocks of Jinja2, and what holds nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from povreg.shell.markup.tokens import Kind, Token


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = names("input br img meta link hr col wbr")
VERBATIM = names("pre textarea script style")
ENDS = {name: f"end{name}" for name in ("if", "for", "call", "block", "with", "macro", "filter")}
BRANCHES = frozenset({"else", "elif"})


@dataclass
class Node:
    """``spaced``: white space stands before it; ``name``: of the tag, or the statement's first word."""

    kind: Kind
    text: str
    name: str = ""
    spaced: bool = False

    def flat(self) -> str:
        return self.text


@dataclass
class Content:
    """What stands between two ends; ``tail``: white space before the second of them."""

    nodes: list[Node] = field(default_factory=list)
    tail: bool = False

    def flat(self) -> str:
        return "".join(f"{' ' if each.spaced else ''}{each.flat()}" for each in self.nodes) + (" " if self.tail else "")


@dataclass
class Element(Node):
    """An element of HTML that is opened and closed in the same content."""

    content: Content = field(default_factory=Content)
    close: str = ""

    def flat(self) -> str:
        return f"{self.text}{self.content.flat()}{self.close}"


@dataclass
class Block(Node):
    """A statement with an end; ``branches`` are its heads (if, elif, else) with what follows them."""

    branches: list[tuple[str, Content]] = field(default_factory=list)
    end: str = ""

    def flat(self) -> str:
        return "".join(f"{head}{content.flat()}" for head, content in self.branches) + self.end


def parse(tokens: Sequence[Token]) -> list[Node]:
    return _Parser(tokens).content(frozenset()).nodes


def word(statement: str) -> str:
    return statement.split(maxsplit=2)[1]


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens, self.at = tokens, 0

    def content(self, stops: frozenset[str]) -> Content:
        """What follows up to a statement that is one of ``stops``."""
        nodes: list[Node] = []
        spaced = False
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind is Kind.STATEMENT and word(token.text) in stops:
                break
            self.at += 1
            bare = token.text.strip()
            if token.kind is Kind.TEXT and not bare:
                spaced = True
                continue
            node = self.node(token)
            node.spaced = spaced or (token.kind is Kind.TEXT and token.text[0].isspace())
            spaced = token.kind is Kind.TEXT and token.text[-1].isspace()
            nodes.append(node)
        return Content(_balanced(nodes), spaced)

    def node(self, token: Token) -> Node:
        if token.kind is Kind.STATEMENT:
            return self.statement(token.text)
        if token.kind is Kind.TAG:
            return self.tag(token.text)
        text = re.sub(r"\s*\n\s*", " ", token.text.strip()) if token.kind is Kind.TEXT else token.text
        return Node(token.kind, text)

    def statement(self, text: str) -> Node:
        name = word(text)
        end = "endset" if _is_set_block(text) else ENDS.get(name)
        if end is None:
            return Node(Kind.STATEMENT, text, name)
        block = Block(Kind.STATEMENT, text, name)
        stops = frozenset({end}) | (BRANCHES if name in ("if", "for") else frozenset())
        head = text
        while head and word(head) != end:
            block.branches.append((head, self.content(stops)))
            head = self.tokens[self.at].text
            self.at += 1
        block.end = head
        return block

    def tag(self, text: str) -> Node:
        found = re.match(r"</?([a-zA-Z][\w-]*)", text)
        name = found[1].lower() if found else ""
        if name in VERBATIM and not text.startswith("</"):
            while not text.endswith(f"</{name}>"):
                text += self.tokens[self.at].text
                self.at += 1
        return Node(Kind.TAG, text, name)


def _is_set_block(text: str) -> bool:
    return word(text) == "set" and "=" not in re.sub(r'"[^"]*"', "", text)


def _opens(node: Node) -> bool:
    inside = node.name in VOID or node.name in VERBATIM or not node.name
    return node.kind is Kind.TAG and not inside and not node.text.startswith("</")


def _balanced(nodes: Sequence[Node]) -> list[Node]:
    """Tags that close what the same content opened make elements; a tag without its partner stays alone."""
    stack: list[tuple[Node | None, list[Node]]] = [(None, [])]
    for node in nodes:
        if node.kind is Kind.TAG and node.text.startswith("</") and any(o and o.name == node.name for o, _ in stack):
            while (last := stack[-1][0]) is None or last.name != node.name:
                _leave_open(stack)
            opened, inside = stack.pop()
            assert opened is not None
            stack[-1][1].append(_element(opened, inside, node))
        elif _opens(node):
            stack.append((node, []))
        else:
            stack[-1][1].append(node)
    while len(stack) > 1:
        _leave_open(stack)
    return stack[0][1]


def _leave_open(stack: list[tuple[Node | None, list[Node]]]) -> None:
    opened, inside = stack.pop()
    stack[-1][1].extend([*([opened] if opened else []), *inside])


def _element(opened: Node, inside: list[Node], close: Node) -> Element:
    return Element(
        Kind.TAG, opened.text, opened.name, opened.spaced, content=Content(inside, close.spaced), close=close.text
    )
