"""Whether an identity number could be registered in a village, asked while it is being typed."""

from households.models import Household, Member
from households.register.errors import FormErrors
from households.register.people import derive, refuse_duplicates
from villages.models import User


def number_fault(*, by: User | None, village: str, id_no: str, member_id: int | None = None) -> str:
    """What is wrong with the number, or where its owner is registered already in the county; empty when all is well.

    ``member_id`` is the member it is typed for, who may keep it. Changes nothing.
    """
    errors = FormErrors()
    found = derive({"id_no": id_no}, errors, "")
    if not errors.rows and found.get("id_hash"):
        member = Member(pk=member_id, id_hash=found["id_hash"])
        refuse_duplicates(by, Household(village_id=village), {"": member}, errors)
    return next(iter(errors.all_messages()), "")
