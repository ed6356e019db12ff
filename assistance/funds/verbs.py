"""What the history calls the changes of projects and funds."""

VERBS = {
    "propose_project": "申报项目",
    "change_project": "修改项目",
    "project_review": "乡镇审核项目",
    "project_approve": "审定项目",
    "project_enlist": "项目入库",
    "project_plan": "列入年度计划",
    "project_start": "项目开工",
    "project_finish": "项目完工",
    "project_accept": "项目验收",
    "project_return": "退回项目",
    "project_resubmit": "重新申报项目",
    "project_stop": "终止项目",
    "set_beneficiaries": "登记项目受益户",
    "post_project": "张贴项目公示",
    "close_project_notice": "结束项目公示",
    "save_source": "登记资金来源",
    "allocate_fund": "安排资金",
    "change_allocation": "调整资金安排",
    "disburse": "拨付资金",
    "reverse_payment": "冲正拨付",
}
