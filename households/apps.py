from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "农户"

    def ready(self) -> None:
        from households.eligibility import hooks
        from households.eligibility.verbs import VERBS as OF_VERDICTS
        from households.people.jobs import KINDS as OF_PEOPLE
        from households.procedures.engine.templates import candidate_at_entry
        from households.procedures.lists import jobs as procedure_jobs
        from households.procedures.lists.batches import refuse_village_move
        from households.procedures.verbs import VERBS as OF_PROCEDURES
        from households.register.entering import on_entry
        from households.register.verbs import VERBS as OF_REGISTER
        from households.register.village_rows import households_of_groups, move_village
        from households.selection.jobs import JOBS
        from households.sheets.jobs import KINDS
        from households.sheets.verbs import HANDS, VERBS as OF_SHEETS
        from povreg.jobs.registry import register
        from povreg.kit.history import declare_verbs
        from villages.places.moves import on_group_lookup, on_village_move

        for verbs in (OF_REGISTER, OF_VERDICTS, OF_PROCEDURES):
            declare_verbs(verbs)
        declare_verbs(OF_SHEETS, HANDS)
        on_entry(candidate_at_entry)
        on_village_move(refuse_village_move)
        on_village_move(move_village)
        on_group_lookup(households_of_groups)
        hooks.connect()
        for kind in (*KINDS, *JOBS, *OF_PEOPLE):
            register(kind)
        procedure_jobs.register_kinds()
