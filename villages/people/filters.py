"""What the list of accounts can be narrowed by, on the page and in the API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from povreg.kit.pages import filters
from povreg.kit.scopes import within
from villages.models import Posting, SignInAttempt, User
from villages.people.selectors import STATES, in_state, posted
from villages.places.filters import InPlace
from villages.rights import Role


class InOrPostedTo(InPlace):
    """Accounts opened in a place, and accounts that hold a posting there today."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(within("place_id", value) | posted(within("place_id", value))) if value else qs


class AccountFilters(django_filters.FilterSet):
    q = filters.Typed("username", "name", label="姓名或用户名")
    place = InOrPostedTo(label="地点", help_text="区划代码：在该地及其下级开户或任职")
    role = filters.Choice(choices=Role.choices, label="角色", method="in_role")
    state = filters.Choice(choices=STATES.items(), label="状态", method="in_that_state")

    def in_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(posted(Q(role=value)))

    def in_that_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return in_state(rows, value)


class SignInFilters(django_filters.FilterSet):
    outcome = filters.Choice(choices=SignInAttempt.Outcome.choices, label="结果")
    address = filters.Typed("address", label="来源地址")


class PostingFilters(django_filters.FilterSet):
    place = InPlace(field_name="place_id", label="任职地")
    user = filters.Whole(field_name="user_id", label="账号", help_text="账号 id")
    role = filters.Choice(choices=Role.choices, label="角色")
    current = filters.YesNo(method="is_current", label="今天有效", help_text="true 只列今天有效的，false 只列其余的")

    def is_current(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        today = Posting.objects.today().values("pk")
        return rows.filter(pk__in=today) if value else rows.exclude(pk__in=today)
