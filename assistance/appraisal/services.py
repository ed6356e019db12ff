"""The verb of appraisal."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assistance.models import HelperAppraisal
from povreg.kit.history import act
from villages.models import User
from villages.rights import Right, Role
from villages.rights.checks import check_right


def appraise(
    *, by: User, helper: User, year: int, grade: str, asked: int, content: int, remark: str = ""
) -> HelperAppraisal:
    """Grade a helper's year; graded again it is corrected.

    Raises PermissionDenied without HELPER_APPRAISE where he is posted, or over oneself; ValidationError for more
    content families than were asked, or a poor grade without a word why.
    """
    posted = [code for role, code in helper.postings_today() if role == Role.HELPER]
    place = posted[0] if posted else helper.place_id
    check_right(by, Right.HELPER_APPRAISE, place)
    if by.pk == helper.pk:
        raise PermissionDenied
    if content > asked:
        raise ValidationError({"content": "满意的户数不能超过问到的户数，请核对。"})
    if grade == HelperAppraisal.Grade.POOR and not remark.strip():
        raise ValidationError({"remark": "评为“较差”的，请写明理由。"})
    with act(by=by, verb="appraise_helper", reason=remark):
        facts = {"grade": grade, "asked": asked, "content": content, "remark": remark.strip()[:200], "by": by}
        facts |= {"place_id": place, "on": timezone.localdate()}
        return HelperAppraisal.objects.update_or_create(helper=helper, year=year, defaults=facts)[0]
