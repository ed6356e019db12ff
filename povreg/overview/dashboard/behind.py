"""Addresses of what stands behind a figure: the list of its households, the dashboard of a place below."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Behind:
    """Addresses of the lists behind the figures of one place and year."""

    place: str
    year: int

    def rows(self, **filters: str) -> str:
        return f"{reverse('households')}?{urlencode({'place': self.place, 'year': self.year, **filters})}"

    def dashboard(self, code: str) -> str:
        return f"{reverse('dashboard-place', args=[code])}?year={self.year}"

    def notices(self) -> str:
        return reverse("dashboard-notices", args=[self.place])

    def objections(self) -> str:
        return f"{reverse('objections')}?{urlencode({'state': 'open', 'place': self.place})}"

    def of(self, year: int) -> "Behind":
        """The same place in another year."""
        return replace(self, year=year)
