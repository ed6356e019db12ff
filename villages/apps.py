from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = "基础资料"

    def ready(self) -> None:
        from povreg.jobs.registry import on_end
        from povreg.kit.history import declare_verbs
        from villages.messages.services import tell_owner
        from villages.messages.verbs import VERBS as OF_MESSAGES
        from villages.people.verbs import VERBS as OF_PEOPLE
        from villages.places.verbs import VERBS as OF_PLACES
        from villages.standards.verbs import VERBS as OF_STANDARDS
        from villages.units.verbs import VERBS as OF_UNITS

        for verbs in (OF_PEOPLE, OF_PLACES, OF_STANDARDS, OF_UNITS, OF_MESSAGES):
            declare_verbs(verbs)
        on_end(tell_owner)
