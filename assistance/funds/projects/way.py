"""The way of a project: which step leads from which state to which, who may take it, what it asks (data, no rules).

Village proposes, township reviews, county decides, what was posted enters the library; a year's plan is taken out of
the library, carried out, accepted (policy.md 9.6).
"""

from dataclasses import dataclass

from assistance.models import Project
from villages.rights import Right

S = Project.State


@dataclass(frozen=True)
class Step:
    """One step: ``label`` on its button, from ``states`` to ``to``, by whoever holds ``right`` at the place. ``asks``
    names what must be said beside the day: document, note, contractor."""

    code: str
    label: str
    states: tuple[str, ...]
    to: str
    right: Right
    asks: tuple[str, ...] = ()
    risk: bool = False
    hint: str = ""


UNDER_WAY = (S.PROPOSED, S.REVIEWED, S.APPROVED, S.LISTED, S.PLANNED, S.STARTED, S.FINISHED)
PAYABLE = (S.PLANNED, S.STARTED, S.FINISHED, S.ACCEPTED)
"""States in which money may be paid."""
FUNDED = (S.LISTED, S.PLANNED, S.STARTED, S.FINISHED)
"""States in which money may be allocated."""

REVIEW, APPROVE, RUN = Right.PROJECT_REVIEW, Right.PROJECT_APPROVE, Right.PROJECT_RUN
BEFORE_LISTING = "事前公示期满、没有未处理的异议后入库。"
WAY = (
    Step("review", "审核通过", (S.PROPOSED,), S.REVIEWED, REVIEW, ("note",)),
    Step("approve", "审定", (S.REVIEWED,), S.APPROVED, APPROVE, ("document",)),
    Step("enlist", "入库", (S.APPROVED,), S.LISTED, APPROVE, ("document",), hint=BEFORE_LISTING),
    Step("plan", "列入年度计划", (S.LISTED,), S.PLANNED, APPROVE, ("document",), hint="先安排资金，再列入计划。"),
    Step("start", "登记开工", (S.PLANNED,), S.STARTED, RUN, ("contractor",)),
    Step("finish", "登记完工", (S.STARTED,), S.FINISHED, RUN, ("note",)),
    Step(
        "accept", "登记验收", (S.FINISHED,), S.ACCEPTED, APPROVE, ("document", "note"), hint="验收后还要张贴事后公告。"
    ),
    Step("resubmit", "重新申报", (S.RETURNED,), S.PROPOSED, Right.PROJECT_PROPOSE, ("note",)),
    Step("return", "退回", (S.PROPOSED, S.REVIEWED), S.RETURNED, REVIEW, ("note", "forbidden"), risk=True),
    Step("stop", "终止", (*UNDER_WAY, S.RETURNED), S.STOPPED, APPROVE, ("note", "forbidden"), risk=True),
)
"""In the order of the way; those that lead away from it last."""
STEPS = {step.code: step for step in WAY}
MAY_ALSO = {"return": Right.PROJECT_APPROVE}
"""A second right that will do."""


def steps_from(state: str) -> list[Step]:
    """The steps a project in a state may take."""
    return [step for step in STEPS.values() if state in step.states]
