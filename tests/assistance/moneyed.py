"""Projects and funds for tests: one in each state that a test begins with."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assistance.models import (
    Allocation,
    Asset,
    Disbursement,
    FundSource,
    Measure,
    PairingChoice,
    PairingProposal,
    Partner,
    PartnerLink,
    Project,
    ProjectNotice,
    ProjectObjection,
    ResettlementSite,
    Shareholding,
    SocialNeed,
    SocialOffer,
    WorkPost,
    WorkSpell,
)
from households.models import Household
from tests import factories
from tests.factories_assistance import LOAN, measure
from villages.rights import Role

_numbers = itertools.count(1)
DAY = date(2026, 3, 2)
State = Project.State


def source(**facts: Any) -> FundSource:
    defaults = {
        "place": factories.place(factories.COUNTY), "year": 2026, "kind": "central", "fund": "regular",
        "document": f"财农〔2026〕{next(_numbers)}号", "amount": Decimal("100000"), "received_on": DAY,
    }  # fmt: skip
    return FundSource.objects.create(**defaults | facts)


def project(**facts: Any) -> Project:
    """Proposed by a cadre of the village."""
    defaults = {
        "place": factories.place(facts.pop("at", factories.VILLAGE)), "year": 2026, "name": f"三组道路{next(_numbers)}",
        "category": "road", "content": "硬化村组道路", "quantity": Decimal("2"), "budget": Decimal("50000"),
        "supervisor": "区交通局", "households_meant": 20, "people_meant": 70, "since": DAY,
    }  # fmt: skip
    if "proposed_by" not in facts:
        facts["proposed_by"] = factories.posted(Role.VILLAGE_CADRE)
    return Project.objects.create(**defaults | facts)


def allocation(amount: str = "30000", **facts: Any) -> Allocation:
    """Money of a project that may be paid."""
    row = facts.pop("project", None) or project(state=State.STARTED)
    defaults = {"source": source(), "amount": Decimal(amount), "document": f"下达{next(_numbers)}号", "on": DAY}
    return Allocation.objects.create(project=row, **defaults | facts)


def payment(of: Household | None = None, **facts: Any) -> Disbursement:
    row = facts.pop("allocation", None) or allocation()
    to = (
        {"household": of, "village_id": of.village_id}
        if of
        else {"payee": "某施工队", "village_id": row.project.place_id}
    )
    defaults = {
        "item": f"补助{next(_numbers)}",
        "amount": Decimal("100"),
        "paid_on": DAY,
        "voucher": f"凭{next(_numbers)}",
    }
    return Disbursement.objects.create(allocation=row, project=row.project, **to, **defaults | facts)


def notice(of: Project | None = None, **facts: Any) -> ProjectNotice:
    """It hangs since two days."""
    row = of or project(state=State.APPROVED)
    defaults = {
        "stage": "before", "board": "村务公开栏", "posted_on": timezone.localdate() - timedelta(days=2), "days": 10,
        "ends_on": timezone.localdate() + timedelta(days=8), "content": {"项目名称": row.name}, "digest": "0" * 64,
        "posted_by": factories.posted(Role.COUNTY_OFFICER),
    }  # fmt: skip
    return ProjectNotice.objects.create(project=row, **defaults | facts)


def asset(**facts: Any) -> Asset:
    defaults = {
        "place": factories.place(), "name": f"养殖大棚{next(_numbers)}", "kind": "earning", "cost": Decimal("80000"),
        "formed_on": date(2024, 5, 1), "owner": "村经济合作社", "operator": "某合作社", "rent": Decimal("4000"),
    }  # fmt: skip
    return Asset.objects.create(**defaults | facts)


def proposal(**facts: Any) -> PairingProposal:
    defaults = {"place": factories.place(), "households": 1, "helpers": 1, "unmatched": 0, "seconds": 0.1}
    if "made_by" not in facts:
        facts["made_by"] = factories.posted(Role.COUNTY_OFFICER)
    return PairingProposal.objects.create(**defaults | facts)


def choice(of: Household, **facts: Any) -> PairingChoice:
    row = facts.pop("proposal", None) or proposal()
    if "helper" not in facts:
        facts["helper"] = factories.posted(Role.HELPER, factories.TOWNSHIP)
    return PairingChoice.objects.create(
        proposal=row, household=of, village_id=of.village_id, **{"reasons": "在本乡镇", **facts}
    )


def spell(of: Household, **facts: Any) -> WorkSpell:
    """Somebody of the household works."""
    member = of.members.order_by("pk").first()
    place = {"household": of, "village_id": of.village_id}
    return WorkSpell.objects.create(member=member, **place, **{"since": DAY, "employer": "某厂", **facts})


def post(**facts: Any) -> WorkPost:
    defaults = {
        "place": factories.place(factories.COUNTY), "employer": "某厂", "title": f"工人{next(_numbers)}",
        "sector": "factory", "wage": Decimal("4000"), "count": 5, "until": date(2027, 1, 1),
    }  # fmt: skip
    return WorkPost.objects.create(**defaults | facts)


def partner(**facts: Any) -> Partner:
    defaults = {"place": factories.place(), "name": f"柑橘合作社{next(_numbers)}", "kind": "coop", "industry": "柑橘"}
    return Partner.objects.create(**defaults | facts)


def link(of: Household, **facts: Any) -> PartnerLink:
    defaults = {"form": "dividend", "since": DAY}
    if "partner" not in facts:
        facts["partner"] = partner()
    return PartnerLink.objects.create(household=of, village_id=of.village_id, **defaults | facts)


def need(**facts: Any) -> SocialNeed:
    defaults = {
        "village": factories.place(), "kind": "goods", "title": f"缺冬衣{next(_numbers)}", "content": "三口人的棉衣",
        "amount": Decimal("600"), "published_on": DAY,
    }  # fmt: skip
    if "by" not in facts:
        facts["by"] = factories.posted(Role.VILLAGE_CADRE)
    return SocialNeed.objects.create(**defaults | facts)


def offer(**facts: Any) -> SocialOffer:
    defaults = {
        "place": factories.place(factories.COUNTY), "donor": f"某商会{next(_numbers)}", "kind": "goods",
        "content": "衣物", "amount": Decimal("1000"), "offered_on": DAY,
    }  # fmt: skip
    return SocialOffer.objects.create(**defaults | facts)


def paired_helper() -> Any:
    """A helper posted in the township, with a household."""
    helper = factories.posted(Role.HELPER, factories.TOWNSHIP)
    factories.pairing(factories.household(members=1), helper)
    return helper


def sent_helper() -> Any:
    """A helper whom a unit sent."""
    helper = paired_helper()
    helper.unit = factories.unit(name=f"区某局{next(_numbers)}")
    helper.save()
    return helper


def loan(of: Household, **facts: Any) -> Measure:
    """A loan that runs: 30,000 yuan at 3.6 per cent for a year from the middle of January."""
    return measure(of, LOAN, **{
        "delivered_on": date(2026, 1, 15), "ends_on": date(2027, 1, 15), "amount": Decimal(30_000), "quantity": None,
        "rate": Decimal("3.6"), "use": "planting", "payer": "农村商业银行", "source": "bank", **facts,
    })  # fmt: skip


def public_post(of: Household, **facts: Any) -> Measure:
    """A cleaner of the village since January."""
    return measure(of, "120201", **{
        "delivered_on": date(2026, 1, 1), "ends_on": date(2099, 12, 31), "member": of.members.first(), **facts,
    })  # fmt: skip


def site(**facts: Any) -> ResettlementSite:
    return ResettlementSite.objects.create(
        **{"place": factories.place(), "name": f"幸福家园{next(_numbers)}", "homes": 40, **facts}
    )


def share(of: Household, **facts: Any) -> Shareholding:
    """Ten shares allotted by the state."""
    of_partner = facts.pop("partner", None) or partner()
    return Shareholding.objects.create(
        partner=of_partner, household=of, village_id=of.village_id, link=link(of, partner=of_partner),
        **{"origin": "allotted", "count": Decimal(10), "since": DAY, **facts},
    )  # fmt: skip


def project_objection(**facts: Any) -> ProjectObjection:
    row = facts.pop("notice", None) or notice()
    defaults = {"text": "路修到了自己亲戚门口", "received_on": DAY, "due_on": date(2026, 3, 22)}
    return ProjectObjection.objects.create(notice=row, place_id=row.project.place_id, **defaults | facts)
