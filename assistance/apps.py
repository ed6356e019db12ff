from typing import Any

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "assistance"
    verbose_name = "帮扶"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from assistance.appraisal import connect as appraisal
        from assistance.assets import connect as assets
        from assistance.books import connect as books
        from assistance.catalogue import connect as catalogue
        from assistance.funds import connect as funds
        from assistance.measures import connect as measures
        from assistance.needs import connect as needs
        from assistance.pairing import connect as pairing
        from assistance.papers import connect as papers
        from assistance.partners import connect as partners
        from assistance.plans import connect as plans
        from assistance.policies import connect as policies
        from assistance.running import connect as running
        from assistance.situation import connect as situation
        from assistance.visits import connect as visits
        from assistance.work import connect as work
        from povreg.kit.api.resources import RESOURCES

        below = (catalogue, needs, plans, funds, measures, policies, work, pairing)
        for subject in (*below, running, partners, visits, assets, papers, appraisal, situation, books):
            subject.connect()
        RESOURCES.later(resources)


def resources() -> dict[str, Any]:
    """The API's resources of this app."""
    from assistance.api import RESOURCES

    return RESOURCES
