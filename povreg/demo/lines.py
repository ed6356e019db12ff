"""What the demonstration county has set: the invented lines of the years after 2021, and the year it works on."""

from decimal import Decimal

from povreg.demo.facts import MONITOR_LINES, YEARS
from villages.models import Place, PovertyLine
from villages.periods.services import set_working_year

INVENTED = "演示数据，虚构，不是当地公布的标准"


def work_in_2026(county: str) -> None:
    """Enter a monitor line for each year that has none, marked as invented; open the county on the last year."""
    PovertyLine.objects.bulk_create(
        PovertyLine(kind=PovertyLine.Kind.MONITOR, year=year, place_id=county, amount=Decimal(amount), source=INVENTED)
        for year, amount in MONITOR_LINES.items()
    )
    set_working_year(by=None, county=Place.objects.get(pk=county), year=YEARS[-1], source=INVENTED)
