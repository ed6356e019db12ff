"""系统状态: what doctor says, for those who run the installation."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from povreg.jobs.models import Job
from povreg.kit.views import require
from povreg.overview.cleanup import last_report
from povreg.overview.retention import rules
from povreg.shell.models import BackupRun
from povreg.shell.status.checks import GOOD, LOOK, WRONG, findings
from povreg.shell.status.queues import by_state
from villages.models.signed_in import SignedInRequest
from villages.rights import Right

TONES = {GOOD: ("正常", "pass"), LOOK: ("注意", "warn"), WRONG: ("有问题", "fail")}
SHOWN = 10  # backups


def jobs() -> list[tuple[str, int]]:
    """How many jobs there are in each state, in its words."""
    counts: dict[str, int] = {}
    for _, state, count in by_state():
        counts[state] = counts.get(state, 0) + count
    return [(label, counts[state]) for state, label in Job.Status.choices if state in counts]


@require_GET
@require(Right.SYSTEM_VIEW)
def status(request: SignedInRequest) -> HttpResponse:
    found = [(each, *TONES[each.state]) for each in findings()]
    return render(
        request,
        "shell/status.html",
        {
            "found": sorted(found, key=lambda each: list(TONES).index(each[0].state), reverse=True),
            "wrong": sum(each.state == WRONG for each, *_ in found),
            "look": sum(each.state == LOOK for each, *_ in found),
            "jobs": jobs(),
            "backups": BackupRun.objects.all()[:SHOWN],
            "rules": rules(),
            "night": last_report(),
            "moment": timezone.now(),
        },
    )
