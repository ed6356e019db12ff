"""The people of a household as leads and income tests ask for them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from households.models import Household, IncomeTest, Lead, Member, Presence


def living_on(household: Household, day: date) -> QuerySet[Member]:
    """Who lived in the household on a day, and was born by then."""
    stays = Presence.objects.filter(household=household).on(day)
    born = Q(birth_date__isnull=True) | Q(birth_date__lte=day)
    return Member.objects.filter(born, pk__in=stays.values("member_id")).order_by("person_no")


def move_leads(kept: Member, double: Member) -> None:
    """Two rows of one person become one: leads follow."""
    Lead._base_manager.filter(member=double).update(member=kept)


def move_tests(kept: Member, double: Member) -> None:
    """Income tests name him once; what a saved test said stays until it is judged again."""
    for row in IncomeTest._base_manager.filter(member_ids__contains=[double.pk]):
        row.member_ids = sorted({kept.pk if pk == double.pk else pk for pk in row.member_ids})
        row.save(update_fields=["member_ids"])
