"""Load the demonstration county (contract.md section 1)."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from povreg.demo.facts import YEARS
from povreg.demo.procedures import run_procedures
from povreg.demo.removing import remove_demo
from povreg.demo.services import DemoError, holds_households, load_demo
from povreg.kit.app_role import as_owner
from povreg.kit.commands import HouseCommand


class Command(HouseCommand):
    help = "Load a synthetic but plausible county into an empty register: same seed, same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", default="500154", help="six-digit county code (default 500154)")
        parser.add_argument(
            "--households",
            type=int,
            default=3000,
            help="number of households (default 3000); 0 opens the accounts only",
        )
        parser.add_argument("--ordinary", type=int, help="ordinary households beside them (default 40 %% as many)")
        parser.add_argument("--seed", type=int, default=1, help="seed of the generator (default 1)")
        parser.add_argument("--opening", action="store_true", help="stay in 建库期: rosters write standing, years open")
        parser.add_argument(
            "--every-state", action="store_true", help="lists of every kind at every state: a minute more"
        )
        parser.add_argument("--no-lists", action="store_true", help="without lists on their way through procedures")
        parser.add_argument("--remove", action="store_true", help="take the demonstration out again, accounts too")
        parser.add_argument(
            "--practice",
            action="store_true",
            help="with --remove: all that was done on the demonstration was practice, and goes with it",
        )
        parser.add_argument("--if-empty", action="store_true", help="leave a county that holds households as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self.remove(options["county"], options["practice"])
            return
        if settings.DEMO_REFUSAL:
            raise CommandError(settings.DEMO_REFUSAL)
        if options["households"] < 0:
            raise CommandError("--households: give 0 or more")
        if options["if_empty"] and holds_households(options["county"]):
            self.stdout.write("the county holds households: left as it is")
            return
        try:
            with transaction.atomic():
                sizes = {name: options[name] for name in ("households", "ordinary", "seed", "opening")}
                made = load_demo(county=options["county"], **sizes)
                lists = 0 if options["no_lists"] else run_procedures(options["county"], options["every_state"])
        except DemoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made['households']} households, {made['ordinary']} ordinary ones, {made['people']} people, "
            f"{made['judged']} verdicts of {YEARS[0]}-{YEARS[-1]}, {lists} lists on their way"
        )

    def remove(self, county: str, practice: bool) -> None:
        """As the owner of the database; also where a demonstration may not be loaded."""
        try:
            with as_owner():
                gone = remove_demo(county, practice)
        except DemoError as error:
            raise CommandError(str(error)) from error
        homes, accounts = gone.get("households_household", 0), gone.get("villages_user", 0)
        self.stdout.write(f"taken out: {homes} households, {accounts} accounts, {sum(gone.values())} rows in all")
