"""Where a line may be broken, and what that takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from povreg.shell.markup.tokens import Kind
from povreg.shell.markup.tree import Block, Content, Element, Node, names

BLOCKS = names(
    "html head body header main nav footer section article aside div p form fieldset legend table caption thead tbody "
    "tfoot tr th td ul ol li dl dt dd details summary h1 h2 h3 h4 dialog template option select optgroup meta link "
    "title svg hr colgroup col"
)
# Between their children no blank is shown.
BARE = frozenset(
    ["html", "head", "body", "table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "select", "optgroup"]
)
# Components that draw a block of HTML.
_DRAWS_BLOCK = re.compile(
    r"\{[%{] (?:call )?(?:ui\.(?!tag\b|progress\b)|inputs\.(?!settled\b)|where\.(?!menu\b)|marks\.(?!verdict\b|chip\b))"
)
_SAYS_NOTHING = frozenset({"import", "from", "extends", "set", "macro"})
_WORDS_ONLY = re.compile(r"block (title|heading|subtitle|body_class)\b")


class Break(Enum):
    FREE = "not seen"
    SPACE = "white space stands there, which a line break may be"
    MARKED = "only with a mark that eats the line break"
    NEVER = "would be seen"


def is_block_tag(node: Node) -> bool:
    return node.kind is Kind.TAG and (node.name in BLOCKS or not node.name)


def touches_nothing(node: Node, last: bool) -> bool:
    """Whether what the node shows at its beginning, or its end (``last``), is surely a block."""
    if node.kind is Kind.COMMENT or node.name in _SAYS_NOTHING:
        return True
    if isinstance(node, Block) and node.name != "call":
        return all(
            content.nodes and touches_nothing(content.nodes[-1 if last else 0], last) for _, content in node.branches
        )
    return is_block_tag(node) or bool(node.kind is not Kind.TEXT and _DRAWS_BLOCK.match(node.text))


def opens_freely(node: Block) -> bool:
    """Whether white space at the edges of what the block holds is not seen."""
    if node.name == "call":
        return touches_nothing(node, last=False)
    return node.name == "block" and not _WORDS_ONLY.search(node.text)


def forget_unseen(nodes: Sequence[Node], parent: str = "", *, free_edge: bool = False) -> None:
    """White space that is not seen is as none: lines that fit are written without it."""
    for before, after in pairwise([None, *nodes]):
        assert after is not None
        if between(before, after, spaced=after.spaced, parent=parent, free_edge=free_edge) is Break.FREE:
            after.spaced = False
    for node in nodes:
        for content, is_free in _contents(node):
            forget_unseen(content.nodes, node.name, free_edge=is_free)
            last = content.nodes[-1] if content.nodes else None
            if between(last, None, spaced=True, parent=node.name, free_edge=is_free) is Break.FREE:
                content.tail = False


def _contents(node: Node) -> list[tuple[Content, bool]]:
    if isinstance(node, Element):
        return [(node.content, is_block_tag(node))]
    return [(content, opens_freely(node)) for _, content in node.branches] if isinstance(node, Block) else []


def between(
    before: Node | None, after: Node | None, *, spaced: bool, parent: str = "", free_edge: bool = False
) -> Break:
    """``before`` or ``after`` None: the edge of the parent, at which white space is not seen with ``free_edge``."""
    if parent in BARE or (free_edge and (before is None or after is None)):
        return Break.FREE
    if (before and touches_nothing(before, last=True)) or (after and touches_nothing(after, last=False)):
        return Break.FREE
    if spaced:
        return Break.SPACE
    code = (Kind.STATEMENT, Kind.OUTPUT)
    marked = (before and before.kind in code) or (after and after.kind in code)
    return Break.MARKED if marked else Break.NEVER
