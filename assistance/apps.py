from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "assistance"
    verbose_name = "帮扶"

    def ready(self) -> None:
        from assistance.pairing.selectors import helpers_of, paired_households
        from households.find.columns import add_column
        from villages.people.rights import Role
        from villages.people.scope import limit_role

        add_column("helper", "帮扶责任人", helpers_of)
        limit_role(Role.HELPER, paired_households)
