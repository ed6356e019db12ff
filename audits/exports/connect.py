"""What the export centre declares."""

from audits.exports.declared import DATASETS, Dataset, declare_datasets, declared, others
from audits.exports.histories import histories
from audits.exports.lists import LISTS
from audits.exports.services import KINDS
from povreg.jobs.registry import register
from povreg.kit.menu import Entry, declare
from povreg.kit.pages.listing import declare_lists
from villages.rights import Right


def connect() -> None:
    declare(
        Entry("exports", "导出数据", "datasets", (Right.TRAIL_VIEW,), 10, hint="任选数据集和列，成册导出"),
        Entry("exports", "导出记录", "export-log", (Right.TRAIL_VIEW,), 20, hint="每一份离开本系统的表格"),
        Entry("exports", "任务", "jobs", (Right.TRAIL_VIEW,), 30, hint="本地区的导入、导出和评定"),
    )
    declare_lists(*LISTS)
    declare_datasets(*declared())
    DATASETS.later(more)
    for kind in KINDS:
        register(kind)


def more() -> dict[str, Dataset]:
    """Datasets that follow from what other apps hold."""
    return {each.code: each for each in (*others(), *histories())}
