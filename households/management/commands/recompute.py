"""Recompute the verdicts of a place for a year (contract.md section 1)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from households.eligibility.reports import assessments_report, flips_report
from households.eligibility.services import prepare_recompute
from povreg.jobs.services import JobError, run_here
from povreg.kit.commands import HouseCommand
from villages.models import Place


class Command(HouseCommand):
    help = "Judge every registered household of a place for a year, and report what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--place", required=True, help="place code, for instance 500154")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--report", type=Path, help="write the report as JSON to this file")
        parser.add_argument("--detail", action="store_true", help="report the verdict of every household")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Place.objects.filter(pk=options["place"]).first()
        if place is None:
            raise CommandError(f"no place {options['place']}: check the code, or run load_places first")
        try:
            job = run_here(prepare_recompute(place=place, year=options["year"]))
        except (JobError, ValidationError) as error:
            raise CommandError("；".join(getattr(error, "messages", [str(error)]))) from error
        report = {key: job.report[key] for key in ("expected", "assessed", "changed")}
        self.stdout.write("expected {expected}, assessed {assessed}, changed {changed}".format(**report))
        if job.report.get("closed"):
            self.stdout.write(job.message)
            report["closed"] = job.report["closed"]
        report["flips"] = flips_report(job)
        if options["detail"]:
            report["assessments"] = assessments_report(place.pk, options["year"])
        if options["report"]:
            text = json.dumps(report, ensure_ascii=False, indent=1)
            options["report"].write_text(text + "\n", encoding="utf-8")
        elif options["detail"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
