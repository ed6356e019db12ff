"""A village with one of everything, to aim invented requests at rows that are there."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tests import factories, factories_people
from tests.api import rows
from tests.assistance import moneyed
from villages.models import ApiToken, User
from villages.people.tokens import LIVES, digest_of
from villages.rights import Role


class Known:
    """``ids`` names the row that an address of a resource may end in, ``named`` what a body may refer to."""

    def __init__(self) -> None:
        household = factories.household(members=3)
        objection = rows.objection(household)
        batch = objection.notice.batch
        helper = factories.posted(Role.HELPER)
        officer = factories.posted(Role.COUNTY_OFFICER)
        line = factories.poverty_line(place=factories.place(factories.COUNTY))
        criteria = factories.criteria_set(place=factories.place(factories.COUNTY))
        self.people = {Role.HELPER: helper, Role.COUNTY_OFFICER: officer}
        self.ids: dict[str, Any] = {
            "places": int(factories.VILLAGE),
            "standards": line.pk,
            "criteria-sets": criteria.pk,
            "households": household.pk,
            "accounts": factories.posted(Role.VILLAGE_CADRE).pk,
            "postings": factories.posted(Role.VILLAGE_CADRE).postings.get().pk,
            "units": factories.unit(place=factories.place(factories.VILLAGE)).pk,
            "cadres": factories.cadre().pk,
            "messages": factories.message(officer).pk,
            "saved-filters": factories.saved_filter(officer, shared_in=factories.COUNTY).pk,
            "members": household.members.order_by("pk").last().pk,
            "not-same": factories_people.not_same(factories.household(members=1)).pk,
            "annual-records": factories.annual_record(household).pk,
            "attachments": factories.attachment(household).pk,
            "flips": factories.flip(household).pk,
            "assessments": factories.assessment(household, failed=["income"]).pk,
            "applications": rows.application(household).pk,
            "batches": batch.pk,
            "entry": batch.entries.get().pk,
            "paper": rows.paper(batch).pk,
            "notices": objection.notice_id,
            "objections": objection.pk,
            "templates": batch.template_id,
            "windows": rows.window().pk,
            "quotas": rows.quota().pk,
            "imports": factories.sheet_import(officer).pk,
            "pairings": factories.pairing(household, helper).pk,
            "projects": moneyed.project().pk,
            "funds": moneyed.source().pk,
            "disbursements": moneyed.payment(household).pk,
            "work": moneyed.spell(household).pk,
            "reports": "age",
            "jobs": str(factories.job(officer).pk),
        }
        self.named = self.named_in_bodies(household.pk, batch.pk, objection.notice_id, helper, officer)

    def named_in_bodies(self, household: int, batch: int, notice: int, helper: User, officer: User) -> dict[str, Any]:
        """What a body may refer to."""
        return {
            "household": household,
            "households": [household],
            "batches": [batch],
            "ids": [household],
            "entries": [self.ids["entry"]],
            "new_head": self.ids["members"],
            "notice": notice,
            "helper": helper.pk,
            "to": officer.pk,
            "user": self.ids["accounts"],
            "unit": self.ids["units"],
            "sources": [factories.place(factories.NEXT_VILLAGE).pk],
            "township": factories.TOWNSHIP,
            "place": factories.COUNTY,
            "county": factories.COUNTY,
            "village": factories.VILLAGE,
            "parent": factories.TOWNSHIP,
        }

    def headers(self, role: Role | None) -> dict[str, str]:
        """Those of somebody posted in the role; nobody's are empty."""
        if role is None:
            return {}
        account = self.people.get(role) or factories.posted(role)
        return bearer(account)

    def aim(self, case: Any) -> None:
        """Point a request at rows that are there, as far as it names any."""
        resource = case.operation.path.split("/")[3]
        case.path_parameters.update(
            {
                name: self.ids[known]
                for name in case.path_parameters or {}
                if (known := resource if name in ("id", "code") else name) in self.ids
            }
        )
        if isinstance(case.body, dict):
            case.body.update({name: self.named[name] for name in case.body if name in self.named})


def bearer(account: User) -> dict[str, str]:
    token = f"invented-token-{account.pk}"
    ApiToken.objects.create(user=account, digest=digest_of(token), expires_at=timezone.now() + LIVES)
    return {"Authorization": f"Bearer {token}"}
