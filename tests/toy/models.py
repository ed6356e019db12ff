from django.db import models

from households.models import Household
from povreg.kit.history import Versioned, tracked
from villages.models import Place
from villages.rights import Right
from villages.rights.scope import Scope, ScopedQuerySet


@tracked()
class Well(Versioned):
    """A household's well; depth in metres."""

    scope = Scope(place="village_id", household="household_id", right=Right.HOUSEHOLD_VIEW)

    household = models.ForeignKey(Household, models.CASCADE, related_name="+", verbose_name="农户")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="行政村")
    depth = models.PositiveIntegerField("井深")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        app_label = "toy"
