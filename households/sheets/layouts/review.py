"""The facts of 分类管理 (综合评估): one row a former poor household and year."""

from households.models.review import FIRST_YEAR, Outcome, Review
from households.sheets.layouts.parts import HOUSEHOLD_NO, must
from povreg.kit.sheets.columns import Column, Layout, SheetSpec
from povreg.kit.sheets.kinds import Choice, Day, Text, Whole


def option(choices: type) -> Choice:
    """Cells that hold one of a model's choices."""
    labels = dict(choices.choices)  # type: ignore[attr-defined]
    codes = {label: code for code, label in labels.items()} | {code: code for code in labels}
    return Choice(find=lambda text: codes.get("".join(text.split())), labels=lambda: labels)


REVIEWS = Layout(
    "review",
    "脱贫户综合评估",
    (
        SheetSpec(
            "综合评估",
            "户",
            (
                must("年度", "row.year", Whole(FIRST_YEAR, 2100, suffix="年"), width=8),
                Column("乡(镇)", "place.township", Text(80), ("乡镇",), note="不导入"),
                Column("行政村", "place.village", Text(80), ("村",), note="不导入"),
                must("户编号", "row.household_no", HOUSEHOLD_NO, width=22),
                Column("户主姓名", "place.head", Text(40), ("户主",), note="供核对，不导入"),
                must("经济状况", "review.economy", option(Review.Economy)),
                must("发展能力", "review.ability", option(Review.Ability), width=16),
                must("评估依据", "review.evidence", Text(500), "依据", width=40),
                must("评估人", "review.assessors", Text(60), width=16),
                must("评估日期", "review.assessed_on", Day()),
                must("建议", "review.proposal", option(Outcome), "建议结果"),
            ),
        ),
    ),
    "每户一行，只列脱贫户。决定由县级主管部门按文件登记，不从表格导入。",
)
