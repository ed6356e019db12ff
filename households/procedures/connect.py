"""What procedures declare: verbs, jobs, candidates at entry, and villages that may not move while a list runs."""

from households.models.template import name_kinds
from households.procedures.applications import lists as applications
from households.procedures.archives import lists as archives
from households.procedures.comparisons import views as comparisons
from households.procedures.county import lists as county
from households.procedures.deputies import lists as deputies
from households.procedures.engine import data_kinds
from households.procedures.engine.kinds import SHIPPED
from households.procedures.engine.offers import QUOTAS, quotas_divided
from households.procedures.engine.procedure import enrol, shipped
from households.procedures.lists.batches import refuse_village_move
from households.procedures.lists.corrected import announce_corrected
from households.procedures.lists.jobs import KINDS
from households.procedures.objections import lists as objections
from households.procedures.verbs import VERBS
from households.standing.hooks import on_standing_change
from povreg.jobs.registry import register
from povreg.kit.history import declare_verbs
from povreg.kit.menu import Entry, Quick, declare
from povreg.kit.pages.listing import declare_lists
from povreg.kit.reach import declare_wider
from villages.periods.hooks import declare_procedures
from villages.places.moves import on_village_move
from villages.rights import Right

REVIEWS = (Right.TOWNSHIP_REVIEW, Right.COUNTY_REVIEW)
MENU = (
    Entry("lists", "名单", "procedures", (Right.BATCH_VIEW,), 10, hint="识别、退出等名单和公示"),
    Entry("lists", "申请", "procedure-applications", (Right.BATCH_VIEW,), 20, hint="农户的申请和受理"),
    Entry("lists", "比对疑点", "comparisons", REVIEWS, 45, hint="车辆、房产等比对结果"),
    Entry("lists", "历史档案", "archives", (Right.BATCH_VIEW,), 50, hint="以前年度的纸质程序"),
    Entry(
        "lists", "代办", "deputies", (Right.BATCH_DRAFT, Right.TEMPLATE_EDIT), 55, hint="出差、请假、岗位空缺时谁代谁"
    ),
    Entry("lists", "异议", "objections", (Right.OBJECTION_TAKE, Right.OBJECTION_HANDLE), 30, hint="受理、核查、答复"),
    Entry(
        "lists", "规模分解", "procedure-quotas", (Right.BATCH_VIEW,), 40, hint="各乡镇、村的规模", during=quotas_divided
    ),
    Entry("accounts", "代办", "deputies", (Right.POSTING_GRANT,), 40, hint="授予县里安排的代办"),
    Entry("rules", "程序种类", "procedure-kinds", (Right.TEMPLATE_EDIT,), 15, hint="省、县新设的种类"),
    Entry("rules", "程序模板", "procedure-templates", (Right.BATCH_VIEW,), 20, hint="步骤、天数、附件"),
    Entry("rules", "办理时间", "season-windows", (Right.TEMPLATE_EDIT,), 30, hint="哪几天可以办"),
    Quick("受理申请", "农户提出纳入、退出", "procedure-application-new", (Right.BATCH_DRAFT,), 30),
    Quick("开会、张贴", "评议会、公示照片", "procedures", (Right.STEP_RECORD,), 40),
    Quick("异议", "有人对公示提出不同意见", "objections", (Right.OBJECTION_TAKE,), 50),
)


def connect() -> None:
    declare(*MENU)
    declare_verbs(VERBS)
    declare_lists(
        archives.ARCHIVES, comparisons.HITS, deputies.DEPUTIES, *applications.LISTS, *county.LISTS, *objections.LISTS
    )
    enrol(*SHIPPED)
    declare_procedures({str(each.kind): each.label for each in shipped()} | {QUOTAS: "规模分解"})
    data_kinds.connect()
    name_kinds(data_kinds.label_of)
    on_standing_change(announce_corrected)
    on_village_move(refuse_village_move, first=True)
    declare_wider(
        {
            "public": "posted lists, objections to them and their tracking numbers are for anybody",
            "board_photos": "whether a photo of the board was used for another notice of the county, and for which one",
        }
    )
    for kind in KINDS:
        register(kind)
