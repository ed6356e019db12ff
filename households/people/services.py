"""The verb of the list of people: take it away as a workbook."""

from django.core.exceptions import PermissionDenied, ValidationError

from households.people.listing import PeopleFilters
from povreg.jobs.models import Job
from povreg.jobs.services import launch
from villages.models import Place, User
from villages.rights import Right

EXPORT = "people-export"


def request_export(*, by: User, filters: PeopleFilters, year: int) -> Job:
    """Start writing the filtered people, without what was typed into the search box: that is kept in no job.

    Raises PermissionDenied without EXPORT at the place, ValidationError (field ``place``) where somebody posted to
    several places has not said which one.
    """
    places = by.places_with(Right.EXPORT)
    code = filters.place or (places[0] if len(set(places)) == 1 else "")
    if not places or (code and not by.can(Right.EXPORT, code)):
        raise PermissionDenied
    if not code:
        raise ValidationError({"place": "您在几个地区任职，请先在“地区”中选定一个再导出。"})
    place = Place.objects.get(pk=code)
    params = {"figures": list(filters.figures), "year": year}
    return launch(by=by, kind=EXPORT, title=f"导出{place}{year}年人员名单", place_code=code, params=params)
