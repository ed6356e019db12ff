"""Who may do what: one enum of rights, one table of roles (design.md section 3)."""

from django.db.models import TextChoices


class Right(TextChoices):
    """A named right. A role grants it inside the places of its postings only."""

    HOUSEHOLD_VIEW = "household_view", "查看农户"
    HOUSEHOLD_EDIT = "household_edit", "录入和修改农户"
    HOUSEHOLD_MOVE = "household_move", "分户、并户、迁移"
    HOUSEHOLD_VOID = "household_void", "删除误录"
    UNMASK = "unmask", "查看完整证件号码"
    IMPORT = "import", "导入表格"
    EXPORT = "export", "导出表格"
    EXPORT_UNMASKED = "export_unmasked", "导出完整证件号码"
    RECOMPUTE = "recompute", "重新评定"
    ASSESSMENT_VIEW = "assessment_view", "查看评定结果"
    DASHBOARD_VIEW = "dashboard_view", "查看统计"
    HISTORY_VIEW = "history_view", "查看变更记录"
    PLACE_EDIT = "place_edit", "维护区划"
    STANDARD_VIEW = "standard_view", "查看标准"
    STANDARD_EDIT = "standard_edit", "维护标准"
    UNIT_VIEW = "unit_view", "查看单位和干部"
    UNIT_EDIT = "unit_edit", "维护单位和干部"
    VILLAGE_FILE_VIEW = "village_file_view", "查看村情台账"
    VILLAGE_FILE_EDIT = "village_file_edit", "填报村情台账"
    ACCOUNT_VIEW = "account_view", "查看账号"
    ACCOUNT_MANAGE = "account_manage", "管理账号"
    POSTING_GRANT = "posting_grant", "授予任职"
    JOB_VIEW_ALL = "job_view_all", "查看他人任务"
    BATCH_VIEW = "batch_view", "查看名单与公示"
    BATCH_DRAFT = "batch_draft", "拟定名单、受理申请"
    STEP_RECORD = "step_record", "登记村级程序"
    MEETING_RECORD = "meeting_record", "登记评议会议"
    NOTICE_POST = "notice_post", "张贴公示公告"
    OBJECTION_TAKE = "objection_take", "受理和核查异议"
    OBJECTION_HANDLE = "objection_handle", "分办、决定和答复异议"
    TOWNSHIP_REVIEW = "township_review", "乡镇审核"
    COUNTY_REVIEW = "county_review", "县级审定"
    TEMPLATE_EDIT = "template_edit", "维护程序模板和办理时间"
    QUOTA_EDIT = "quota_edit", "规模分解"
    PAIRING_EDIT = "pairing_edit", "安排结对帮扶"
    NOTE_SEND = "note_send", "发送工作提醒"
    LEAD_VIEW = "lead_view", "查看线索和收入测算"
    LEAD_RAISE = "lead_raise", "登记线索"
    LEAD_CHECK = "lead_check", "核实线索、测算收入"
    LEAD_DECIDE = "lead_decide", "办结线索"
    CHECK_VIEW = "check_view", "查看疑点"
    CHECK_EXEMPT = "check_exempt", "豁免疑点、维护核查规则"
    FINDING_VIEW = "finding_view", "查看整改"
    FINDING_OPEN = "finding_open", "开出问题、交办整改"
    FINDING_ANSWER = "finding_answer", "报送整改情况"
    FINDING_VERIFY = "finding_verify", "核实整改"
    COMPARE_VIEW = "compare_view", "查看部门比对"
    COMPARE_IMPORT = "compare_import", "上传部门数据、比对"
    SAMPLE_VIEW = "sample_view", "查看抽样和异常检测"
    SAMPLE_DRAW = "sample_draw", "抽样、登记抽查结果"
    TRAIL_VIEW = "trail_view", "查看留痕"
    MEASURE_EDIT = "measure_edit", "登记帮扶措施"
    VISIT_LOG = "visit_log", "登记走访"
    PLAN_EDIT = "plan_edit", "制定帮扶计划"
    CATALOGUE_EDIT = "catalogue_edit", "维护措施目录和政策库"
    FUND_VIEW = "fund_view", "查看项目和资金"
    PROJECT_PROPOSE = "project_propose", "申报项目"
    PROJECT_REVIEW = "project_review", "乡镇审核项目"
    PROJECT_APPROVE = "project_approve", "县级审定项目"
    PROJECT_RUN = "project_run", "登记项目实施和验收"
    FUND_MANAGE = "fund_manage", "登记、安排和拨付资金"
    PARTNER_EDIT = "partner_edit", "维护带贫主体和帮扶对接"
    NEED_EDIT = "need_edit", "登记帮扶需求"
    SYSTEM_VIEW = "system_view", "查看系统状态"
    LOG_VIEW = "log_view", "查看登录记录"
    HELPER_APPRAISE = "helper_appraise", "考核帮扶责任人"
    ACCESS_VIEW = "access_view", "查看限时查阅"
    ACCESS_ASK = "access_ask", "申请限时查阅"
    ACCESS_GRANT = "access_grant", "批准限时查阅"
    ACCESS_END = "access_end", "提前结束限时查阅"


class Role(TextChoices):
    """What a person is in the register's work, at the place of a posting."""

    VILLAGE_CADRE = "village_cadre", "村干部"
    HELPER = "helper", "帮扶责任人"
    TOWNSHIP_OFFICER = "township_officer", "乡镇干部"
    COUNTY_OFFICER = "county_officer", "县主管部门"
    COUNTY_LEADER = "county_leader", "县领导"
    DEPARTMENT_OFFICER = "department_officer", "部门干部"
    AUDITOR = "auditor", "审计人员"
    ACCOUNTS_ADMIN = "accounts_admin", "账号管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    LOG_OFFICER = "log_officer", "安全审计员"
    INSPECTOR = "inspector", "督查人员"
    VOLUNTEER = "volunteer", "志愿者"


_READ = {
    Right.HOUSEHOLD_VIEW,
    Right.ASSESSMENT_VIEW,
    Right.STANDARD_VIEW,
    Right.HISTORY_VIEW,
    Right.BATCH_VIEW,
    Right.LEAD_VIEW,
}
_VILLAGE_STEPS = {
    Right.BATCH_DRAFT,
    Right.STEP_RECORD,
    Right.MEETING_RECORD,
    Right.NOTICE_POST,
    Right.OBJECTION_TAKE,
    Right.LEAD_RAISE,
    Right.LEAD_CHECK,
}
_AUDITED = {Right.CHECK_VIEW, Right.FINDING_VIEW}
_OFFICE = (
    _READ
    | _AUDITED
    | {Right.COMPARE_VIEW, Right.SAMPLE_VIEW}
    | {Right.DASHBOARD_VIEW, Right.UNIT_VIEW, Right.VILLAGE_FILE_VIEW, Right.EXPORT}
    | {Right.FUND_VIEW}
)
_HELP = {Right.MEASURE_EDIT, Right.VISIT_LOG, Right.PLAN_EDIT}

GRANTS: dict[Role, frozenset[Right]] = {
    Role.VILLAGE_CADRE: frozenset(
        _READ
        | _VILLAGE_STEPS
        | _AUDITED
        | {Right.FINDING_ANSWER}
        | {Right.HOUSEHOLD_EDIT, Right.UNMASK, Right.EXPORT, Right.DASHBOARD_VIEW, Right.UNIT_VIEW}
        | {Right.VILLAGE_FILE_VIEW, Right.VILLAGE_FILE_EDIT}
        | _HELP
        | {Right.FUND_VIEW, Right.PROJECT_PROPOSE, Right.NEED_EDIT}
    ),
    Role.HELPER: frozenset(_READ | {Right.LEAD_RAISE} | _HELP),
    Role.TOWNSHIP_OFFICER: frozenset(
        _OFFICE
        | _VILLAGE_STEPS
        | _HELP
        | {
            Right.TOWNSHIP_REVIEW,
            Right.OBJECTION_HANDLE,
            Right.VILLAGE_FILE_EDIT,
            Right.HOUSEHOLD_EDIT,
            Right.HOUSEHOLD_MOVE,
            Right.UNMASK,
            Right.IMPORT,
            Right.RECOMPUTE,
            Right.EXPORT_UNMASKED,
            Right.PAIRING_EDIT,
            Right.NOTE_SEND,
            Right.LEAD_DECIDE,
            Right.FINDING_ANSWER,
            Right.PROJECT_PROPOSE,
            Right.PROJECT_REVIEW,
            Right.PROJECT_RUN,
            Right.PARTNER_EDIT,
            Right.NEED_EDIT,
            Right.HELPER_APPRAISE,
        }
    ),
    Role.COUNTY_OFFICER: frozenset(
        _OFFICE
        | _HELP
        | {
            Right.CATALOGUE_EDIT,
            Right.VILLAGE_FILE_EDIT,
            Right.HOUSEHOLD_EDIT,
            Right.HOUSEHOLD_MOVE,
            Right.HOUSEHOLD_VOID,
            Right.UNMASK,
            Right.IMPORT,
            Right.EXPORT_UNMASKED,
            Right.RECOMPUTE,
            Right.PLACE_EDIT,
            Right.STANDARD_EDIT,
            Right.UNIT_EDIT,
            Right.JOB_VIEW_ALL,
            Right.NOTICE_POST,
            Right.OBJECTION_TAKE,
            Right.OBJECTION_HANDLE,
            Right.COUNTY_REVIEW,
            Right.TEMPLATE_EDIT,
            Right.QUOTA_EDIT,
            Right.PAIRING_EDIT,
            Right.NOTE_SEND,
            Right.LEAD_RAISE,
            Right.LEAD_CHECK,
            Right.LEAD_DECIDE,
            Right.CHECK_EXEMPT,
            Right.FINDING_OPEN,
            Right.FINDING_VERIFY,
            Right.COMPARE_IMPORT,
            Right.SAMPLE_DRAW,
            Right.PROJECT_PROPOSE,
            Right.PROJECT_APPROVE,
            Right.PROJECT_RUN,
            Right.FUND_MANAGE,
            Right.PARTNER_EDIT,
            Right.NEED_EDIT,
            Right.HELPER_APPRAISE,
            Right.ACCESS_VIEW,
            Right.ACCESS_ASK,
            Right.ACCESS_END,
        }
    ),
    Role.COUNTY_LEADER: frozenset((_OFFICE - {Right.EXPORT}) | {Right.ACCESS_VIEW}),
    Role.DEPARTMENT_OFFICER: frozenset(
        {Right.DASHBOARD_VIEW, Right.STANDARD_VIEW, Right.UNIT_VIEW, Right.VILLAGE_FILE_VIEW, Right.LEAD_RAISE}
        | {Right.COMPARE_VIEW, Right.COMPARE_IMPORT}
        | {Right.MEASURE_EDIT}
        | {Right.FUND_VIEW, Right.PROJECT_RUN, Right.FUND_MANAGE, Right.PARTNER_EDIT}
        | _READ
    ),
    Role.AUDITOR: frozenset(
        _OFFICE
        | {Right.UNMASK, Right.EXPORT_UNMASKED, Right.ACCOUNT_VIEW, Right.JOB_VIEW_ALL}
        | {Right.FINDING_OPEN, Right.FINDING_VERIFY, Right.SAMPLE_DRAW, Right.TRAIL_VIEW, Right.ACCESS_VIEW}
    ),
    Role.ACCOUNTS_ADMIN: frozenset(
        {Right.ACCOUNT_VIEW, Right.ACCOUNT_MANAGE, Right.UNIT_VIEW, Right.UNIT_EDIT, Right.SYSTEM_VIEW}
    ),
    Role.SECURITY_ADMIN: frozenset(
        {Right.ACCOUNT_VIEW, Right.POSTING_GRANT, Right.HISTORY_VIEW, Right.SYSTEM_VIEW}
        | {Right.ACCESS_VIEW, Right.ACCESS_GRANT, Right.ACCESS_END}
    ),
    Role.LOG_OFFICER: frozenset({Right.LOG_VIEW, Right.SYSTEM_VIEW, Right.ACCESS_VIEW}),
    Role.VOLUNTEER: frozenset({Right.HOUSEHOLD_VIEW, Right.HOUSEHOLD_EDIT, Right.ASSESSMENT_VIEW}),
    Role.INSPECTOR: frozenset(
        (_OFFICE - {Right.EXPORT})
        | {Right.FINDING_OPEN, Right.FINDING_VERIFY, Right.SAMPLE_DRAW, Right.ACCESS_VIEW, Right.ACCESS_ASK}
    ),
}


def roles_with(right: Right) -> list[Role]:
    """The roles that grant a right."""
    return [role for role, rights in GRANTS.items() if right in rights]


READING = frozenset(
    {
        Right.HOUSEHOLD_VIEW,
        Right.UNMASK,
        Right.EXPORT,
        Right.EXPORT_UNMASKED,
        Right.ASSESSMENT_VIEW,
        Right.DASHBOARD_VIEW,
        Right.HISTORY_VIEW,
        Right.STANDARD_VIEW,
        Right.UNIT_VIEW,
        Right.VILLAGE_FILE_VIEW,
        Right.ACCOUNT_VIEW,
        Right.JOB_VIEW_ALL,
        Right.BATCH_VIEW,
        Right.LEAD_VIEW,
        Right.CHECK_VIEW,
        Right.FINDING_VIEW,
        Right.COMPARE_VIEW,
        Right.SAMPLE_VIEW,
        Right.TRAIL_VIEW,
        Right.FUND_VIEW,
        Right.SYSTEM_VIEW,
        Right.LOG_VIEW,
        Right.ACCESS_VIEW,
    }
)
AUDITING = frozenset({Right.FINDING_OPEN, Right.FINDING_VERIFY, Right.SAMPLE_DRAW, Right.ACCESS_ASK})
"""What an auditor writes: rows of his own work, nothing of the register."""
CHANGING = frozenset(Right) - READING - AUDITING
SEPARATED = frozenset({Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN, Role.LOG_OFFICER, Role.AUDITOR, Role.INSPECTOR})
READERS = frozenset({Role.AUDITOR, Role.INSPECTOR})
"""Auditors, inspectors, the officer of the logs: their requests write nothing (povreg.kit.reader_role)."""
ENDING = frozenset({Role.INSPECTOR, Role.VOLUNTEER})
"""Roles of people from outside: their postings name a last day."""


def clash(one: Role, other: Role) -> bool:
    """Whether two roles must not meet in one person: the three officers (三员, policy.md 11.10) and inspectors keep
    apart from each other and from everybody who changes the register."""
    if one == other or not {one, other} & SEPARATED:
        return False
    return {one, other} <= SEPARATED or any(GRANTS[role] & CHANGING for role in {one, other} - SEPARATED)
