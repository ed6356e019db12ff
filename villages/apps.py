from typing import Any

from django.apps import AppConfig

from povreg.kit.triggers import use_names

use_names()  # apps are read before the models of any


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = "基础资料"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from povreg.kit.api.resources import RESOURCES
        from villages.access import connect as access
        from villages.codes import connect as codes
        from villages.messages import connect as messages
        from villages.people import connect as people
        from villages.periods import connect as periods
        from villages.places import connect as places
        from villages.rights import connect as rights
        from villages.standards import connect as standards
        from villages.units import connect as units
        from villages.yearbook import connect as yearbook

        for subject in (
            rights,
            codes,
            people,
            places,
            periods,
            standards,
            units,
            yearbook,
            messages,
            access,
        ):
            subject.connect()
        RESOURCES.later(resources)


def resources() -> dict[str, Any]:
    """The API's resources of this app."""
    from villages.api import RESOURCES

    return RESOURCES
