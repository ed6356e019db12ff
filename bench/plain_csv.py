"""The plainest export: people with their households through the ORM, one CSV line each, labels and dates as they are.

``python -m bench.plain_csv FILE``.
"""

import csv
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "povreg.settings")
django.setup()

from households.models import Member  # noqa: E402
from povreg.kit.reach import EVERYWHERE, reaching  # noqa: E402

OF_HOUSEHOLD = ("household_no", "group_name", "phone", "bank_name", "bank_account", "household_type", "main_cause",
                "exit_status", "identified_on", "exit_year")  # fmt: skip
OF_MEMBER = ("person_no", "name", "sex", "id_no", "relation", "ethnicity", "political", "education", "school_status",
             "health", "labour", "work_place", "work_months", "phone", "birth_date", "active_military", "ins_major",
             "joined_on", "identified_on", "id_type")  # fmt: skip


def main(target: str) -> None:
    people = Member.objects.present().filter(household__removed_on=None, household__in_register=True)
    rows = people.select_related("household", "village__parent")
    with Path(target).open("w", newline="") as file:
        out = csv.writer(file)
        for person in rows.order_by("village_id", "household__household_no", "person_no").iterator(chunk_size=2000):
            of_household = [getattr(person.household, name) for name in OF_HOUSEHOLD]
            of_person = [getattr(person, name) for name in OF_MEMBER]
            out.writerow([person.village.parent.name, person.village.name, *of_household, *of_person])


if __name__ == "__main__":
    with reaching(EVERYWHERE):
        main(sys.argv[1])
