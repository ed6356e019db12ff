"""The one verb of the privilege review: signing a quarter."""

from __future__ import annotations

from django.utils import timezone

from audits.models import PrivilegeReview
from audits.privileges.selectors import counts_at, quarter_of, review_now
from households.register.errors import refusal
from povreg.kit.history import act
from povreg.kit.scopes import COUNTY
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

SHORTEST = 4


def sign_review(*, by: User, county: Place, said: str) -> PrivilegeReview:
    """Sign the running quarter with what was found. Raises PermissionDenied without TRAIL_VIEW in the county,
    ValidationError without words, for no county, or once it is signed."""
    check_right(by, Right.TRAIL_VIEW, county.pk)
    if len(county.pk) != COUNTY:
        raise refusal("权限复核按县签字，请选择县。")
    if len(said.strip()) < SHORTEST:
        raise refusal(f"请写明复核意见，至少 {SHORTEST} 个字，如：停用 3 个账号，其余无异议。", field="said")
    with act(by=by, verb="sign_privileges"):
        if review_now(county.pk) is not None:
            raise refusal("这个季度已经签字，不能再签。")
        year, quarter = quarter_of(timezone.localdate())
        return PrivilegeReview.objects.create(
            county=county,
            year=year,
            quarter=quarter,
            counts=counts_at(county.pk),
            said=said.strip()[:500],
            signed_by=by,
        )
