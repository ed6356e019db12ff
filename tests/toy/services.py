from povreg.kit.history import act
from tests.toy.models import Well
from villages.models import User
from villages.rights import Right
from villages.rights.checks import check_right


def deepen_well(*, by: User | None, well: Well, depth: int) -> Well:
    """Raises PermissionDenied without the right at the village."""
    check_right(by, Right.HOUSEHOLD_EDIT, well.village_id)
    with act(by=by, verb="deepen_well"):
        well.depth = depth
        well.version += 1
        well.save()
    return well
