"""Addresses of what stands behind a figure: the list of its households, the dashboard of a place below."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse


class Paths:
    """What the addresses of a page begin with: looked up once, whatever the number of places."""

    @cached_property
    def households(self) -> str:
        return reverse("households")

    @cached_property
    def people(self) -> str:
        return reverse("people")

    @cached_property
    def dashboard(self) -> tuple[str, str]:
        """What stands before and after the code of a place."""
        before, _, after = reverse("dashboard-place", args=[0]).rpartition("0")
        return before, after


@dataclass(frozen=True)
class Behind:
    """Addresses of the lists behind the figures of one place and year.

    A page holds hundreds of them, so what they share is put together once and filters, which are codes and figures
    declared in this program, are added as they are.
    """

    place: str
    year: int
    paths: Paths = field(default_factory=Paths, repr=False, compare=False)

    @cached_property
    def _start(self) -> str:
        return f"{self.paths.households}?place={self.place}&year={self.year}"

    def rows(self, **filters: str) -> str:
        address = self._start
        for name, value in filters.items():
            address += f"&{name}={value}"
        return address

    def people(self) -> str:
        return f"{self.paths.people}?place={self.place}&year={self.year}"

    def dashboard(self, code: str) -> str:
        before, after = self.paths.dashboard
        return f"{before}{code}{after}?year={self.year}"

    def notices(self) -> str:
        return reverse("dashboard-notices", args=[self.place])

    def objections(self) -> str:
        return f"{reverse('objections')}?{urlencode({'state': 'open', 'place': self.place})}"

    def of(self, year: int) -> "Behind":
        """The same place in another year."""
        return replace(self, year=year)

    def at(self, place: str) -> "Behind":
        """Another place in the same year."""
        return replace(self, place=place)
