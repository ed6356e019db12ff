from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "assistance"
    verbose_name = "帮扶"

    def ready(self) -> None:
        from assistance.pairing.selectors import paired_households
        from villages.people.rights import Role
        from villages.people.scope import limit_role

        limit_role(Role.HELPER, paired_households)
