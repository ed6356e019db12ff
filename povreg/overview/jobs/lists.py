"""The list of long work."""

from __future__ import annotations

from django.template.defaultfilters import truncatechars
from django.urls import reverse

from povreg.jobs.models import Job
from povreg.kit.pages.columns import FIGURE, NUMBER, TITLE, UNDER, Column, short_moment_text
from povreg.kit.pages.listing import Empty, Listing
from povreg.overview.jobs.selectors import visible_jobs

STATE_TONES = {"queued": "plain", "running": "act", "done": "pass", "failed": "fail", "cancelled": "missing"}


def progress(job: Job) -> str:
    return f"{job.done:,} / {job.expected:,}" if job.expected else ""


def fault(job: Job) -> str:
    return truncatechars(job.error, 40) if job.status == Job.Status.FAILED else ""


JOBS = Listing(
    code="jobs",
    title="任务",
    subtitle="导入、导出、重新评定等较长的工作",
    heading="最近的任务",
    unit="个任务",
    rows=visible_jobs,
    columns=(
        Column("title", "任务", link=lambda job, user: reverse("job", args=[job.pk]), phone=TITLE, width=36),
        Column("status", "状态", lambda job: job.get_status_display(), tone=lambda job: STATE_TONES[job.status],
               under=fault, api="", phone=FIGURE),
        Column("progress", "已处理", progress, css="num", api=""),
        Column("changed", "有变化", kind=NUMBER),
        Column("created_at", "提交", text=short_moment_text, under=lambda job: job.owner or "系统", api="",
               phone=UNDER),
    ),
    empty=Empty("还没有任务", "导入、导出或重新评定后，可以在这里查看进展和结果。"),
)  # fmt: skip

LISTS = (JOBS,)
