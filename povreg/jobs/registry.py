"""The kinds of long work. Apps register theirs when they start (``apps.py``)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from povreg.jobs.models import Job

Report = dict[str, Any]
Links = list[tuple[str, str]]


@dataclass(frozen=True)
class PartResult:
    """What one slice did, in the work's own unit."""

    done: int
    changed: int = 0
    report: Report = field(default_factory=dict)


@dataclass(frozen=True)
class JobKind:
    """Simple work gives ``run``; work fanned out gives ``parts``, ``run_part`` and, if something follows, ``finish``.

    Returned dicts become the job's report. A kind must stand being run again after a worker died in the middle.
    ``own`` work sees what its owner may see (exports); all other sees the county of its place.
    ``links`` says where the page of a job that is done sends its reader: (label, address) pairs. They are asked for
    when the page is shown; addresses in a report would make every command read all pages.
    """

    kind: str
    run: Callable[[Job], Report | None] | None = None
    parts: Callable[[Job], list[str]] | None = None
    run_part: Callable[[Job, str], PartResult] | None = None
    finish: Callable[[Job], Report | None] | None = None
    links: Callable[[Job], Links] | None = None
    own: bool = False


Ended = Callable[[Job], object]
_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind known; the last registration wins, so that a reload is harmless."""
    _kinds[kind.kind] = kind


_when_ended: list[Ended] = []


def on_end(told: Ended) -> None:
    """Have ``told`` called with every job that ended well or badly (a cancelled one was ended by a person)."""
    if told not in _when_ended:
        _when_ended.append(told)


def tell_ended(job: Job) -> None:
    for told in _when_ended:
        told(job)


def kind_of(job: Job) -> JobKind:
    """The registered kind of a job. Raises KeyError for one this version does not know."""
    return _kinds[job.kind]


def links_of(job: Job) -> Links:
    """Where the result of a job can be seen: what its report names as ``links``, else what its kind says of a job that
    is done."""
    if told := job.report.get("links"):
        return [(label, address) for label, address in told]
    kind = _kinds.get(job.kind)
    return kind.links(job) if kind and kind.links and job.status == Job.Status.DONE else []
