"""What a kind of procedure is made of. Each is one object in one file of :mod:`households.procedures.engine.kinds`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from households.models import Batch, TemplateStep
from households.models.template import Kind, kind_label

Check = Callable[[Batch, TemplateStep], list[str]]
"""What a step of a list still lacks, as sentences; nothing: it can be completed."""


@dataclass(frozen=True)
class RowGuard:
    """Which household may not stand on a list: ``bad(year)`` is the condition over BatchEntry, ``message`` completes
    the sentence "户… ". One that does not refuse is shown beside the row; one that may come ``later`` is not asked
    while a list is drafted and begun; one that is ``excusable`` is outweighed by an exception. ``kinds`` is for guards
    that higher apps add (guards.register_guard), ``taking_in``: for every kind that takes in."""

    code: str
    bad: Callable[[int], Q]
    message: str
    refuses: bool = True
    later: bool = False
    excusable: bool = False
    kinds: frozenset[str] = frozenset()
    taking_in: bool = False


def nothing(_batch: Batch) -> None:
    """A new list of this kind begins with its households only."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Procedure:
    """One kind of procedure, all of it but its steps, which are data (templates). ``name`` is what it is called, where
    the code alone does not say.

    ``fits`` are the households of a village that may be put on a list of it, ``takes_ordinary``: also some without a
    class; ``guards`` say who may not stand on it after all. ``effect`` is what an approval does to the
    register (None: decided above the county, no list of it is drafted), ``effect_many`` the same for
    many lists of one year at once, ``event`` the 户变更 it is noted as.
    ``planned`` are category and reason in a notice (拟…); ``found`` (year, households) the reason by household where
    facts say it. ``takes_in``: it begins a class, so that an exception may outweigh the line. ``reviewed`` and
    ``filed`` are what a review and the approval ask beyond the common checks, ``reviewed_many`` and ``filed_many``
    the same for many lists of one year at once. ``scaled``: quotas may be divided for it. ``begin`` lays out what a
    new list needs.

    ``of_village``: the list holds no households, the village itself is judged. ``applied_for``: households apply;
    ``authorised``: with their authorisation (承诺授权). ``describes`` are the fields that an entry is described with
    before it is appraised, ``copied`` those of them that the register may know already. ``by_verdict``: households
    leave by their verdict, who stays says why, and who is 踩线 is counted. ``consent_title`` names the consent form.
    """

    kind: str
    name: str = ""
    fits: Q = field(default_factory=Q)
    guards: tuple[RowGuard, ...] = ()
    effect: Callable[[Batch, date], None] | None = None
    effect_many: Callable[[Sequence[Batch], date], None] | None = None
    event: str = ""
    planned: tuple[str, str] = ("", "")
    found: Callable[[int, Collection[int]], dict[int, str]] | None = None
    takes_in: bool = False
    reviewed: tuple[Check, ...] = ()
    filed: tuple[Check, ...] = ()
    reviewed_many: Callable[[Sequence[Batch]], dict[int, str]] | None = None
    filed_many: Callable[[Sequence[Batch]], dict[int, str]] | None = None
    scaled: bool = False
    begin: Callable[[Batch], None] = nothing
    takes_ordinary: bool = False
    of_village: bool = False
    applied_for: bool = False
    authorised: bool = False
    describes: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    by_verdict: bool = False
    consent_title: str = ""

    @property
    def label(self) -> str:
        return self.name or kind_label(str(self.kind))

    @property
    def consent_name(self) -> str:
        return self.consent_title or f"{self.label}农户认可表"

    @property
    def category(self) -> str:
        """What is to happen to the households, in a few words."""
        return self.planned[0] or self.label


_procedures: dict[str, Procedure] = {}
_providers: list[Callable[[], list[Procedure]]] = []


def provide(source: Callable[[], list[Procedure]]) -> None:
    """Have ``source`` say which kinds there are besides: those that are rows."""
    _providers[:] = [source]


def _provided() -> list[Procedure]:
    return [each for source in _providers for each in source()]


def enrol(*procedures: Procedure) -> None:
    """Make kinds known; they are shown in the order of :class:`Kind`."""
    _procedures.update({str(each.kind): each for each in procedures})


def procedure_of(kind: str) -> Procedure:
    """The declaration of a kind. Raises KeyError for one that has none."""
    if str(kind) in _procedures:
        return _procedures[str(kind)]
    found = next((each for each in _provided() if str(each.kind) == str(kind)), None)
    if found is None:
        raise KeyError(kind)
    return found


def procedures() -> list[Procedure]:
    """Every kind, in order."""
    return [*(_procedures[str(kind)] for kind in Kind if str(kind) in _procedures), *_provided()]


def shipped() -> list[Procedure]:
    """The kinds declared in code."""
    return [_procedures[str(kind)] for kind in Kind if str(kind) in _procedures]


def drafted() -> list[tuple[str, str]]:
    """The kinds that lists are drafted of, as choices."""
    return [(str(each.kind), each.label) for each in procedures() if each.effect is not None]


def applied_for() -> list[tuple[str, str]]:
    """The kinds that households apply for, as choices."""
    return [(str(each.kind), each.label) for each in procedures() if each.applied_for]


def kind_choices() -> list[tuple[str, str]]:
    """Every kind, as choices."""
    return [(str(each.kind), each.label) for each in procedures()]
