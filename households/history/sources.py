"""The kinds of rows whose changes belong to a household's history. Subjects and higher apps add theirs."""

from households.history.versions import Source
from povreg.kit.registry import Registry

SOURCES: Registry[Source] = Registry("history source")


def add_source(source: Source) -> None:
    """Declare a kind of rows; its model must be ``@tracked``."""
    SOURCES.add(source.model._meta.label_lower, source)
