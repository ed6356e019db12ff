"""The parts that must answer before the product is ready: name, and a function that says whether it does."""

from collections.abc import Callable

from povreg.kit.registry import Registry

PARTS: Registry[Callable[[], bool]] = Registry("health part")


def parts_answering() -> dict[str, bool]:
    """Each part in the order of declaring, and whether it answers."""
    return {name: answers() for name, answers in PARTS.items()}
