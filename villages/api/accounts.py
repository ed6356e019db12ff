"""Accounts and postings in the API: who may sign in, and who is what, where, from when to when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from povreg.kit.api.errors import refused
from povreg.kit.api.fields import Day, Matching, RowId, StrictSerializer, Text
from povreg.kit.api.views import ScopedViewSet
from povreg.kit.pages.api import Listed
from povreg.kit.views import demand, scoped_or_404
from villages.api.serializers import PlaceCode, Reason
from villages.models import Place, Posting, Unit, User
from villages.people import postings, selectors, services
from villages.people.lists import ACCOUNTS, POSTINGS
from villages.rights import Right, Role

FOUND = 50
USERNAME = r"^[a-z][a-z0-9._-]{2,39}$"


class PostingSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id")
    granted_by = serializers.CharField(source="granted_by.name", default="", help_text="授予人；空为系统")

    class Meta:
        model = Posting
        fields = ("id", "user", "role", "place", "starts_on", "ends_on", "until", "granted_by")
        read_only_fields = fields


class AccountSerializer(serializers.ModelSerializer):
    place = serializers.CharField(source="place_id", allow_null=True, help_text="由这里的管理员管理")
    state = serializers.SerializerMethodField(
        help_text="；".join(f"{key} {said}" for key, said in selectors.STATES.items())
    )
    postings = PostingSerializer(many=True, source="current", help_text="今天有效的任职")

    class Meta:
        model = User
        fields = ("id", "username", "name", "place", "unit", "state", "locked_until", "created_at", "postings")
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": list(selectors.STATES)})
    def get_state(self, account: User) -> str:
        return selectors.state_of(account)


class AccountOpened(serializers.Serializer):
    """An account with its initial password, which is shown this once and is kept nowhere."""

    account = AccountSerializer()
    initial_password = serializers.CharField(help_text="只显示这一次；首次登录须修改")


class NewAccount(StrictSerializer):
    username = Matching(USERNAME, "用户名须以字母开头，由 3 至 40 个小写字母、数字、点、横线组成，请修改。")
    name = Text(max_length=40)
    place = PlaceCode(help_text="由这里的管理员管理这个账号")
    unit = RowId(required=False, allow_null=True, help_text="单位 id")


class AccountEdit(StrictSerializer):
    """What is left out stays as it is."""

    name = Text(max_length=40, required=False)
    place = PlaceCode(required=False)
    unit = RowId(required=False, allow_null=True)


class AccountsSought(StrictSerializer):
    text = Text(max_length=40, help_text="姓名或用户名的一部分")
    place = PlaceCode(required=False)
    role = serializers.ChoiceField(Role.choices, required=False)
    state = serializers.ChoiceField(list(selectors.STATES.items()), required=False)


class AccountsFound(serializers.Serializer):
    capped = serializers.BooleanField(help_text="还有更多，请缩小范围")
    results = AccountSerializer(many=True)


class Locking(Reason):
    until = Day(help_text="锁定至（含当日）")


class InTownship(StrictSerializer):
    township = PlaceCode(help_text="乡镇代码")


class Granted(serializers.Serializer):
    granted = serializers.IntegerField(help_text="授予了任职的账号数")


class AccountViewSet(RetrieveModelMixin, Listed):
    """Accounts opened inside one's places, and accounts that hold a posting there."""

    queryset = User.objects.select_related("place")
    serializer_class = AccountSerializer
    listing = ACCOUNTS
    lookup_value_converter = "int"
    rights = {
        "": Right.ACCOUNT_MANAGE,
        "retrieve": Right.ACCOUNT_VIEW,
        "search": Right.ACCOUNT_VIEW,
        "postings": Right.ACCOUNT_VIEW,
        "reset": (Right.ACCOUNT_MANAGE, Right.POSTING_GRANT),
    }

    def row(self, rows: QuerySet, pk: Any) -> User:
        """As on the page: what is read needs no more than to be seen, a verb its right where the account lies."""
        account: User = scoped_or_404(rows, self.request.user, pk)
        if self.right() is Right.ACCOUNT_MANAGE:
            demand(self.request.user, Right.ACCOUNT_MANAGE, account.place_id or "")
        return account

    def shown(self, account: User) -> Response:
        """The account as it is stored now."""
        return Response(AccountSerializer(as_shown(account)[account.pk]).data)

    def retrieve(self, request: Request, pk: int) -> Response:
        return self.shown(self.get_object())

    def unit(self, pk: int | None) -> Unit | None:
        return None if pk is None else self.visible(Unit.objects.filter(is_active=True), "unit", pk)

    @extend_schema(request=AccountsSought, responses=AccountsFound)
    @action(detail=False, methods=["post"])
    def search(self, request: Request) -> Response:
        """Find accounts by a part of the name or username; the first fifty."""
        given = self.body(AccountsSought)
        rows = list(ACCOUNTS.found(request.user, {**given, "q": given["text"]})[: FOUND + 1])
        return Response(AccountsFound({"capped": len(rows) > FOUND, "results": rows[:FOUND]}).data)

    @extend_schema(request=NewAccount, responses={201: AccountOpened})
    def create(self, request: Request) -> Response:
        """Open an account. Its initial password is in this answer and nowhere else; it holds no posting yet."""
        given = self.body(NewAccount)
        place = self.visible(Place.objects.all(), "place", given.pop("place"))
        unit = self.unit(given.pop("unit", None))
        made = services.open_account(by=request.user, place=place, unit=unit, **given)
        return told_once(AccountOpened(opened(made)[0]), status=201)

    @extend_schema(request=AccountEdit, responses=AccountSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Correct name, unit, or the place that looks after the account."""
        account = self.get_object()
        given = {"name": account.name, "place": account.place_id, "unit": account.unit_id, **self.body(AccountEdit)}
        place = account.place
        if given["place"] != account.place_id:
            place = self.visible(Place.objects.all(), "place", given["place"])
        unit = account.unit if given["unit"] == account.unit_id else self.unit(given["unit"])
        services.edit_account(by=request.user, account=account, name=given["name"], place=place, unit=unit)
        return self.shown(account)

    @extend_schema(request=InTownship, responses={201: AccountOpened(many=True)}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def villages(self, request: Request) -> Response:
        """Open one account for every village of a township that has none; answers with the new ones."""
        township = township_of(self, self.body(InTownship)["township"])
        made = services.open_village_accounts(by=request.user, township=township)
        return told_once(AccountOpened(opened(*made), many=True), status=201)

    @extend_schema(responses=PostingSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def postings(self, request: Request, pk: int) -> Response:
        """Every posting of the account inside one's places, ended ones too, latest first."""
        return Response(PostingSerializer(selectors.postings_of(request.user, self.get_object()), many=True).data)

    @extend_schema(request=None, responses={200: AccountOpened})
    @action(detail=True, methods=["post"])
    def reset(self, request: Request, pk: int) -> Response:
        """A new initial password, shown this once; open sessions and tokens end."""
        account = self.get_object()
        password = services.reset_password(by=request.user, account=account)
        return told_once(AccountOpened(opened((account, password))[0]))

    @extend_schema(request=Locking, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, pk: int) -> Response:
        """Keep somebody out up to and including a day; sessions and tokens end."""
        account, given = self.get_object(), self.body(Locking)
        until = timezone.make_aware(datetime.combine(given["until"], time.max))
        services.lock(by=request.user, account=account, until=until, reason=given["reason"])
        return self.shown(account)

    @extend_schema(request=None, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, pk: int) -> Response:
        """Let somebody in again who was locked out."""
        account = self.get_object()
        services.unlock(by=request.user, account=account)
        return self.shown(account)

    @extend_schema(request=Reason, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        """Close an account; it stays, for the history names it."""
        account = self.get_object()
        services.close(by=request.user, account=account, **self.body(Reason))
        return self.shown(account)

    @extend_schema(request=None, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """Open a closed account again, with the postings that still hold."""
        account = self.get_object()
        services.reopen(by=request.user, account=account)
        return self.shown(account)


def as_shown(*accounts: User) -> dict[int, User]:
    """The accounts by id as they are stored now, each with its postings of today, in two queries."""
    return User.objects.prefetch_related(selectors.current_postings()).in_bulk([each.pk for each in accounts])


def opened(*made: tuple[User, str]) -> list[dict[str, Any]]:
    rows = as_shown(*(account for account, _password in made))
    return [{"account": rows[account.pk], "initial_password": password} for account, password in made]


def told_once(answer: Any, status: int = 200) -> Response:
    """An answer with initial passwords: nothing on the way may keep it."""
    return Response(answer.data, status=status, headers={"Cache-Control": "no-store"})


def township_of(view: ScopedViewSet, code: str) -> Place:
    """The township that the body names. Raises Refused: 404 outside the scope, 422 for another level."""
    place: Place = view.visible(Place.objects.all(), "township", code)
    if place.level != Place.Level.TOWNSHIP:
        raise refused("township", f"“{place}”不是乡镇，请改为乡镇的代码。")
    return place


class NewPosting(StrictSerializer):
    user = RowId(help_text="账号 id")
    role = serializers.ChoiceField(Role.choices)
    place = PlaceCode(help_text="任职地")
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True, help_text="最后一天；不给时长期有效")


class PostingEnding(StrictSerializer):
    last_day = Day(required=False, help_text="最后一天；不给时立即结束")


class Ended(serializers.Serializer):
    posting = PostingSerializer(allow_null=True, help_text="还没有开始的任职收回后为空")


class PostingViewSet(RetrieveModelMixin, Listed):
    """Who is what, where: granted and ended by the security administrator."""

    queryset = Posting.objects.select_related("granted_by")
    serializer_class = PostingSerializer
    listing = POSTINGS
    lookup_value_converter = "int"
    orderings = {"place": ("place_id", "user_id"), "starts_on": ("starts_on",)}
    rights = {"": Right.POSTING_GRANT, "list": Right.ACCOUNT_VIEW, "retrieve": Right.ACCOUNT_VIEW}

    @extend_schema(request=NewPosting, responses={201: PostingSerializer})
    def create(self, request: Request) -> Response:
        """Grant a posting. Roles that must not meet in one person are refused."""
        given = self.body(NewPosting)
        account = self.visible(User.objects.all(), "user", given.pop("user"))
        place = self.visible(Place.objects.all(), "place", given.pop("place"))
        given["role"] = Role(given["role"])
        row = postings.grant(by=request.user, account=account, place=place, **given)
        return Response(PostingSerializer(row).data, status=201)

    @extend_schema(request=InTownship, responses={201: Granted})
    @action(detail=False, methods=["post"])
    def villages(self, request: Request) -> Response:
        """Post every account that was opened for a village of the township as that village's cadre."""
        township = township_of(self, self.body(InTownship)["township"])
        granted = postings.grant_villages(by=request.user, township=township)
        return Response(Granted({"granted": granted}).data, status=201)

    @extend_schema(request=PostingEnding, responses=Ended)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Let a posting end; one that had not begun by then is taken back altogether."""
        row = self.get_object()
        last_day = self.body(PostingEnding).get("last_day") or timezone.localdate() - timedelta(days=1)
        postings.end(by=request.user, posting=row, last_day=last_day)
        return Response(Ended({"posting": Posting.objects.filter(pk=row.pk).first()}).data)


RESOURCES = {"accounts": AccountViewSet, "postings": PostingViewSet}
