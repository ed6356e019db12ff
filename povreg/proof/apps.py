from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "povreg.proof"
    label = "proof"
    verbose_name = "留痕与核验"

    def ready(self) -> None:
        from povreg.proof import connect

        connect.connect()
