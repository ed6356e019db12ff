from typing import Any

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "农户"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from households.closing import connect as closing
        from households.consents import connect as consents
        from households.eligibility import connect as eligibility
        from households.entry import connect as entry
        from households.find import connect as find
        from households.leads import connect as leads
        from households.office import connect as office
        from households.people import connect as people
        from households.procedures import connect as procedures
        from households.register import connect as register
        from households.review import connect as review
        from households.selection import connect as selection
        from households.sheets import connect as sheets
        from households.standing import connect as standing
        from povreg.kit.api.resources import RESOURCES

        for subject in (
            standing,
            register,
            eligibility,
            find,
            entry,
            sheets,
            leads,
            review,
            consents,
            procedures,
            people,
            selection,
            closing,
            office,
        ):
            subject.connect()
        RESOURCES.later(resources)


def resources() -> dict[str, Any]:
    """The API's resources of this app."""
    from households.api import RESOURCES

    return RESOURCES
