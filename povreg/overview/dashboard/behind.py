"""Addresses of what stands behind a figure: the list of its households, the dashboard of a place below."""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Behind:
    """Addresses of the lists behind the figures of one place and year.

    A page holds hundreds of them, so what they share is put together once and filters, which are codes and figures
    declared in this program, are added as they are.
    """

    place: str
    year: int

    @cached_property
    def _start(self) -> str:
        return f"{reverse('households')}?place={self.place}&year={self.year}"

    def rows(self, **filters: str) -> str:
        return "&".join([self._start, *(f"{name}={value}" for name, value in filters.items())])

    def people(self) -> str:
        return f"{reverse('people')}?place={self.place}&year={self.year}"

    def dashboard(self, code: str) -> str:
        return f"{reverse('dashboard-place', args=[code])}?year={self.year}"

    def notices(self) -> str:
        return reverse("dashboard-notices", args=[self.place])

    def objections(self) -> str:
        return f"{reverse('objections')}?{urlencode({'state': 'open', 'place': self.place})}"

    def of(self, year: int) -> "Behind":
        """The same place in another year."""
        return replace(self, year=year)
