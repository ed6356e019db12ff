from typing import Any

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "审计"

    def ready(self) -> None:
        """Every subject declares what it has for the layers below it."""
        from audits import writes
        from audits.checks import connect as checks
        from audits.comparisons import connect as comparisons
        from audits.detection import connect as detection
        from audits.exports import connect as exports
        from audits.findings import connect as findings
        from audits.privileges import connect as privileges
        from audits.samples import connect as samples
        from audits.trail import connect as trail
        from povreg.kit.api.resources import RESOURCES

        for subject in (findings, checks, comparisons, detection, samples, trail, privileges, exports, writes):
            subject.connect()
        RESOURCES.later(resources)


def resources() -> dict[str, Any]:
    """The API's resources of this app."""
    from audits.api import RESOURCES

    return RESOURCES
