"""What was heard in the demonstration's village: leads at every state, from each source a person can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from households.leads import services
from households.leads.services import Measured, Told
from households.models import Household, Lead
from povreg.demo.county import showcase
from povreg.kit.scopes import TOWNSHIP
from villages.models import Place, User

Source = Lead.Source
UNMEASURED = Measured()


@dataclass(frozen=True)
class Heard:
    """A lead: who noted it, where it came from and how long ago, what was said, and what became of it so far.

    ``named`` is who was told by name where no household is known yet, as it is on the telephone.
    """

    by: str
    source: Source
    days: int
    said: str
    risk: str
    found: str = ""
    outcome: str = ""
    reason: str = ""
    named: str = ""
    measured: Measured = UNMEASURED


HEARD = (
    Heard("cun", Source.VISIT, 2, "儿子在外务工受伤，回家休养，三个月没有工资。", "09"),
    Heard("zhen", Source.TELEPHONE, 9, "邻居来电，说这家老人住院，家里借了钱。", "01", named="向天明"),
    Heard(
        "xian", Source.DEPARTMENT, 5, "医保部门推送：住院自付费用较高。", "01",
        measured=Measured("医保自付", Decimal(38600), Decimal(10000)),
    ),
    Heard("cun", Source.VISIT, 12, "暴雨后厨房墙体开裂，不敢住人。", "08", "看过，墙体裂缝两处，已搬到亲戚家。"),
    Heard("zhen", Source.VISIT, 15, "孩子考上大学，学费还差一半。", "03", "看了录取通知书，一年要 8,600 元。"),
    Heard(
        "cun", Source.CAMPAIGN, 40, "集中排查时反映收入下降。", "07", "问了打工的单位，上月已补发三个月工资。",
        outcome="dismiss", reason="工资已补发，收入高于监测线。",
    ),
    Heard(
        "cun", Source.VISIT, 33, "丈夫去世，想办低保。", "06", "核对了户口本，家里两口人，没有劳动力。",
        outcome="hand_over", reason="先由民政办理低保，监测情况继续看。",
    ),
)  # fmt: skip
DECLARED = ("今年猪得病死了，饲料钱还欠着，想申请帮助。", "10", "13900000000")


def hear(county: str) -> None:
    """Note the leads, about households of the village that are not monitored. The officer of the township decides."""
    village = Place.objects.get(pk=showcase(county))
    accounts = {row.username: row for row in User.objects.filter(username__in=("cun", "zhen", "xian"))}
    homes = iter(Household.objects.filter(village=village, removed_on=None, monitor_type="").order_by("-pk")[:30])
    for heard in HEARD:
        _note(accounts, village, None if heard.named else next(homes), heard)
    said, risk, phone = DECLARED
    home = next(homes)
    name = home.members.heads().get().name
    services.take_declaration(
        village=village, household=home, name=name, phone=phone, group=home.group_name, said=said, risks=[risk]
    )


def _note(accounts: dict[str, User], village: Place, home: Household | None, heard: Heard) -> None:
    day = timezone.localdate() - timedelta(days=heard.days)
    place = None if home else Place.objects.get(pk=village.pk[:TOWNSHIP])
    lead = services.raise_lead(
        by=accounts[heard.by], source=heard.source, found_on=day, said=heard.said,
        household=home, village=place, told=Told(heard.named), measured=heard.measured, risks=[heard.risk],
    )  # fmt: skip
    if not heard.found:
        return
    services.note_visit(by=accounts["cun"], lead=lead, visited_on=day + timedelta(days=1), finding=heard.found)
    if heard.outcome == "dismiss":
        services.dismiss_lead(by=accounts["zhen"], lead=lead, reason=heard.reason)
    elif heard.outcome == "hand_over":
        services.hand_over_lead(by=accounts["zhen"], lead=lead, handed_to="乡镇民政办", reason=heard.reason)
