"""Puts a tree on lines: what fits stays on one, the rest is broken where it is not seen, or with a mark."""

from __future__ import annotations

from povreg.shell.markup import wrapping
from povreg.shell.markup.edges import Break, between, forget_unseen, is_block_tag, opens_freely
from povreg.shell.markup.tokens import JOINT, Kind, tokens
from povreg.shell.markup.tree import Block, Content, Element, Node, names, parse
from povreg.shell.markup.wrapping import WIDTH

STEP = "  "
ALWAYS_BROKEN = names("table thead tbody tfoot form section html head body")
FLUSH = names("html body")


def formatted(source: str) -> str:
    page = Page()
    inherits = "{% extends" in source
    last: Node | None = None
    nodes = parse(tokens(source))
    forget_unseen(nodes)
    for node in nodes:
        gap = between(last, node, spaced=node.spaced)
        if last and last.name == "macro":
            page.gap()
        if last and (inherits or (gap is Break.SPACE and Kind.STATEMENT in (last.kind, node.kind))):
            gap = Break.FREE
        page.place(last, node, gap if last else None)
        last = node
    return page.text()


class Page:
    """The lines so far; ``line`` is the one being written, ``depth`` how far the next ones stand in."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.depth = 0

    def text(self) -> str:
        self.new_line()
        return "\n".join(line.rstrip() for line in self.lines) + "\n"

    @property
    def indent(self) -> str:
        return STEP * self.depth

    def new_line(self, mark: str = "") -> None:
        """``mark``: what the last tag of the line says about the break, ``-`` or ``+``."""
        if mark and self.line[-2:] in ("%}", "}}") and self.line[-3] not in "-+":
            self.line = f"{self.line[:-2].rstrip()} {mark}{self.line[-2:]}"
        if self.line.strip():
            self.lines.append(self.line)
        self.line = self.indent

    def gap(self) -> None:
        """An empty line, which parts macros."""
        self.new_line()
        self.lines.append("")

    def put(self, text: str) -> None:
        *before, self.line = (self.line + text).split("\n")
        self.lines += before

    def fits(self, text: str) -> bool:
        return len(self.line) + len(text) <= WIDTH

    def ends_with(self, *closings: str) -> bool:
        return self.line.rstrip().endswith(closings)

    # -- A node behind another ------------------------------------------------------------------------------------

    def place(self, last: Node | None, node: Node, gap: Break | None) -> None:
        minus = False
        if gap is Break.FREE:
            self.new_line()
        elif gap is Break.SPACE:
            self.space(last, node)
        elif gap is Break.MARKED and not self.fits(node.flat()):
            minus = self.marked_break(node)
        self.emit(node, minus=minus)

    def space(self, last: Node | None, node: Node) -> None:
        if self.fits(f" {node.flat()}"):
            self.put(" ")
        elif (last and last.kind is Kind.STATEMENT) or self.ends_with("%}"):
            self.new_line("" if self.depth and node.kind not in (Kind.STATEMENT, Kind.COMMENT) else "+")
        else:
            self.new_line()

    def marked_break(self, node: Node) -> bool:
        """Whether the node has to eat the line break itself."""
        if node.kind is Kind.STATEMENT:
            between_two = self.ends_with("%}")
            self.new_line()
            return not between_two
        if self.line.endswith(("%}", "}}")):
            self.new_line("-")
            return False
        if node.kind is Kind.OUTPUT:
            self.new_line()
            return True
        return False

    # -- One node ------------------------------------------------------------------------------------------------

    def emit(self, node: Node, *, minus: bool = False) -> None:
        if self.fits(node.flat()) and not must_break(node):
            self.put(_minus(node.flat(), minus))
        elif isinstance(node, Element):
            self.element(node)
        elif isinstance(node, Block):
            self.block(node, minus)
        elif node.kind is Kind.TEXT:
            self.words(node.text)
        elif node.kind is Kind.COMMENT:
            self.put(wrapping.comment(node.text, len(self.line), self.indent))
        else:
            self.put(_minus(wrapping.wrapped(node.text, len(self.line), self.indent), minus))

    def words(self, text: str) -> None:
        """A text that is too long goes on in the next line after a mark of punctuation."""
        for clause in wrapping.clauses(text):
            if not self.fits(clause + JOINT) and self.line.strip():
                self.put(JOINT)
                self.new_line()
            self.put(clause)

    def element(self, node: Element) -> None:
        self.put(wrapping.wrapped(node.text, len(self.line), self.indent))
        deeper = node.name not in FLUSH
        self.depth += deeper
        last = self.children(node)
        self.depth -= deeper
        if last:
            self.close(
                node, between(last, None, spaced=node.content.tail, parent=node.name, free_edge=is_block_tag(node))
            )
        self.put(node.close)

    def children(self, node: Element) -> Node | None:
        last: Node | None = None
        for each in node.content.nodes:
            gap = between(last, each, spaced=each.spaced, parent=node.name, free_edge=is_block_tag(node))
            self.place(last, each, gap)
            last = each
        return last

    def close(self, node: Element, gap: Break) -> None:
        if gap is Break.FREE:
            self.new_line()
        elif gap is Break.SPACE:
            self.put(" ") if self.ends_with("%}") else self.new_line()
        elif gap is Break.MARKED and not self.fits(node.close):
            self.new_line("-")

    def block(self, node: Block, minus: bool) -> None:
        free = opens_freely(node)
        self.put(_minus(wrapping.wrapped(node.branches[0][0], len(self.line), self.indent), minus))
        following = [*(head for head, _ in node.branches[1:]), node.end]
        for (_, content), after in zip(node.branches, following, strict=True):
            self.depth += node.name != "macro"
            self.branch(content, free)
            self.depth -= node.name != "macro"
            self.end_branch(content, after, free)

    def branch(self, content: Content, free: bool) -> None:
        last: Node | None = None
        for each in content.nodes:
            gap = between(last, each, spaced=each.spaced, free_edge=free and last is None)
            if last is None:
                self.first_of_branch(each, gap)
            else:
                self.place(last, each, gap)
            last = each

    def first_of_branch(self, node: Node, gap: Break) -> None:
        after_statement = node.kind in (Kind.STATEMENT, Kind.COMMENT)
        if gap is Break.SPACE:
            self.new_line("+" if after_statement else "")
        elif gap is Break.FREE or after_statement:
            self.new_line()
        elif not self.fits(node.flat()):
            self.new_line("-")
        self.emit(node)

    def end_branch(self, content: Content, statement: str, free: bool) -> None:
        if not content.nodes:
            self.put(statement)
            return
        last = content.nodes[-1]
        gap = between(last, None, spaced=content.tail, free_edge=free)
        after_statement = last.kind in (Kind.STATEMENT, Kind.COMMENT)
        self.new_line("+" if gap is Break.SPACE and after_statement else "")
        marked = gap not in (Break.FREE, Break.SPACE) and not after_statement
        self.put(_minus(wrapping.wrapped(statement, len(self.line), self.indent), marked))


def _minus(code: str, minus: bool) -> str:
    return f"{code[:2]}-{code[2:]}" if minus else code


def must_break(node: Node) -> bool:
    """Whether the node's structure is shown even where it would fit on a line."""
    if isinstance(node, Element):
        return node.name in ALWAYS_BROKEN and any(isinstance(each, Element | Block) for each in node.content.nodes)
    if not isinstance(node, Block):
        return False
    if node.name == "macro":
        return True
    inside = [each for _, content in node.branches for each in content.nodes]
    if node.name == "block":
        return any(isinstance(each, Block) or is_block_tag(each) for each in inside)
    long = len(node.flat()) > 70
    return long and any((is_block_tag(each) and len(each.flat()) > 40) or _block_breaks(each) for each in inside)


def _block_breaks(node: Node) -> bool:
    return isinstance(node, Block) and must_break(node)
