"""How complete an entry is, section by section: one declaration, counted in Python for a page and in SQL for sets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SectionCount:
    """``filled`` of ``total`` entry fields of a section are recorded; ``missing`` are the labels of those that are not
    (a member's field with the name: ``王小红 在校生状况``)."""

    section: str
    label: str
    filled: int
    total: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return self.filled == self.total
