"""What is done with everything that a filter finds: exported, judged again, given to those who enter it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.batch_bodies import MANY, ids, optional
from households.api.batch_bulk import Launched
from households.api.narrowing import Narrowing, codes_of, list_filters
from households.api.serializers import Year
from households.find.columns import COLUMNS
from households.find.selectors import chosen_columns
from households.models import Household
from households.register.years import default_year
from households.selection import services
from households.selection.chosen import Selection, of_search, places_of
from povreg.kit.api.errors import not_found, refused
from povreg.kit.api.fields import Answer, Text
from villages.api.messages import Told, audience
from villages.messages.services import LONGEST
from villages.models import Place
from villages.rights import Right

COLUMN_CHOICES = [(column.code, column.label) for column in COLUMNS.values()]
NOT_THERE = "没有找到，或不在您负责的范围内，请核对。"


class Chosen(Narrowing):
    """Everything that the filters find, further narrowed to ``ids`` or to what a typed search finds."""

    year = Year(required=False, help_text="评定年度；不给时为范围内最近有记录的年度")
    text = Text(max_length=60, required=False, help_text="同 households/search/；找到的至多 2000 户")
    ids = ids(required=False, min_length=1, help_text=f"只要这些户，至多 {MANY} 户；不与 text 同用")


class ChosenExport(Chosen):
    kind = serializers.ChoiceField(
        list(services.KINDS.items()), default=services.AS_LISTED, help_text="list 为名单上的列，其余为整套表"
    )
    columns = serializers.ListField(
        child=serializers.ChoiceField(COLUMN_CHOICES),
        required=False,
        max_length=len(COLUMN_CHOICES),
        help_text="kind 为 list 时的列；不给时为自己在网页上选的列",
    )
    unmasked = Answer(required=False, help_text="导出完整号码：要有权限和理由，记入日志")
    reason = optional(200)


class Reminding(Narrowing):
    year = Year(required=False, help_text="名单的年度")
    to = audience()
    message = Text(max_length=LONGEST, help_text="要办什么；不写姓名和号码")


class SelectionVerbs:
    """Part of the resource of households."""

    request: Request
    rights: dict[str, Any] = {
        "export_chosen": Right.EXPORT,
        "recompute_chosen": Right.RECOMPUTE,
        "remind": Right.NOTE_SEND,
    }

    @extend_schema(request=ChosenExport, responses={202: Launched})
    @action(detail=False, methods=["post"], url_path="selection/export")
    def export_chosen(self: Any, request: Request) -> Response:
        """Export every household that is found, as a job; its result is the workbook."""
        given = self.body(ChosenExport)
        asked = {name: given.pop(name) for name in ("kind", "columns", "unmasked", "reason") if name in given}
        asked.setdefault("columns", chosen_columns(request.user))
        job = services.request_export(by=request.user, selection=self.chosen(given), **asked)
        return Response(Launched({"job": job.pk}).data, status=202)

    @extend_schema(request=Chosen, responses={202: Launched})
    @action(detail=False, methods=["post"], url_path="selection/recompute")
    def recompute_chosen(self: Any, request: Request) -> Response:
        """Judge every household that is found again for the year, as a job."""
        job = services.request_recompute(by=request.user, selection=self.chosen(self.body(Chosen)))
        return Response(Launched({"job": job.pk}).data, status=202)

    @extend_schema(request=Reminding, responses={201: Told})
    @action(detail=False, methods=["post"], url_path="selection/remind")
    def remind(self: Any, request: Request) -> Response:
        """Ask those who enter under ``place`` to see to the households that are found; each sees his own of them."""
        given = self.body(Reminding)
        text, role = given.pop("message"), given.pop("to")
        selection = self.chosen(given)
        code = given.get("place") or min(request.user.places_with(Right.NOTE_SEND), key=len)
        place = self.visible(Place.objects, "place", code)
        told = services.send_note(by=request.user, selection=selection, place=place, text=text, role=role)
        return Response(Told({"told": told}).data, status=201)

    def chosen(self: Any, given: dict[str, Any]) -> Selection:
        """The households that the body means. Raises Refused (404) for what lies outside the scope, PermissionDenied
        for a place without the action's right."""
        user = self.request.user
        year = given.pop("year", None) or default_year(user)
        text, wanted = given.pop("text", ""), given.pop("ids", None)
        codes = codes_of(given)
        self.check_place(codes)
        if wanted is not None:
            self.check_ids(wanted)
        if text and wanted is not None:
            raise refused("ids", "ids 和 text 只能给一种，请去掉一种。")
        if text:
            return of_search(user, list_filters(given, search=text), codes, year)
        return Selection(year, codes, None if wanted is None else tuple(wanted))

    def check_place(self: Any, codes: dict[str, Any]) -> None:
        if not places_of(self.request.user, Right.HOUSEHOLD_VIEW, codes):
            raise not_found("place", NOT_THERE)
        if not places_of(self.request.user, self.right(), codes):
            raise PermissionDenied

    def check_ids(self: Any, wanted: list[int]) -> None:
        there = Household.objects.visible_to(self.request.user).filter(pk__in=wanted)
        if there.count() < len(set(wanted)):
            raise not_found("ids", NOT_THERE)
