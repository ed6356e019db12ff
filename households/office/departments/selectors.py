"""Departments' lists as they were handed over, and what stands on them."""

from typing import Any

from django.db.models import Count, QuerySet

from households.models import DepartmentList, DepartmentRow
from villages.models import User


def department_lists(user: User) -> QuerySet[DepartmentList]:
    """The lists of the person's counties, the latest first."""
    rows = DepartmentList.objects.visible_to(user).select_related("county", "taken_by")
    return rows.annotate(lines=Count("rows")).order_by("-as_of", "-pk")


def rows_of(user: User) -> QuerySet[Any]:
    """The households on lists that the person may see."""
    rows = DepartmentRow.objects.visible_to(user).select_related("household", "village__parent", "klass", "list")
    return rows.prefetch_related("members").order_by("village_id", "household__household_no", "pk")
