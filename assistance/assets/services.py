"""Verbs of assets: registered with owner and operator, income noted, disposed of on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from assistance.models import Asset, AssetIncome
from povreg.kit.history import act
from povreg.kit.stale import check_version
from villages.models import Place, User
from villages.rights import Right
from villages.rights.checks import check_right

FACTS = (
    "place", "project", "name", "kind", "cost", "formed_on", "owner", "operator", "contract", "contract_from",
    "contract_to", "rent", "use_of_income", "upkeep", "state", "idle_since", "idle_reason",
)  # fmt: skip
State = Asset.State


def save_asset(*, by: User | None, asset: Asset | None = None, version: int = 0, **facts: Any) -> Asset:
    """Register an asset, or change one read at ``version``. Idle and poorly used ones say why and what is done.

    Raises PermissionDenied without PROJECT_RUN at the place, Conflict, ValidationError beside the field.
    """
    place: Place = facts.get("place") or asset.place  # type: ignore[union-attr]
    check_right(by, Right.PROJECT_RUN, place.pk)
    with act(by=by, verb="save_asset"):
        row = Asset()
        if asset is not None:
            row = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
            check_version(row, version or None, facts)
            row.version += 1
        if row.state == State.DISPOSED:
            raise ValidationError("这项资产已经处置，不能再修改。")
        for name, value in facts.items():
            if name not in FACTS:
                raise TypeError(f"no fact of an asset: {name}")
            setattr(row, name, value)
        check_facts(row)
        row.save()
    return row


def check_facts(row: Asset) -> None:
    """Raises ValidationError beside the field."""
    faults: dict[str, str] = {}
    if row.cost is None or row.cost <= 0:
        faults["cost"] = "原值应大于 0，请核对。"
    if row.state == State.DISPOSED:
        faults["state"] = "处置资产请用“处置”，并写明批准文号。"
    if row.state == State.IDLE and not row.idle_since:
        faults["idle_since"] = "闲置的资产请写明从哪天起闲置。"
    if row.state != State.IDLE and row.idle_since:
        faults["idle_since"] = "没有闲置的资产请不要填闲置日期。"
    if row.state in (State.IDLE, State.POOR) and not row.idle_reason.strip():
        faults["idle_reason"] = "请写明原因和盘活措施。"
    if row.contract_to and not row.contract_from:
        faults["contract_from"] = "填写了合同止，请补填合同起。"
    elif row.contract_to and row.contract_from and row.contract_to < row.contract_from:
        faults["contract_to"] = "合同止早于合同起，请改正。"
    if row.kind == Asset.Kind.EARNING and not row.operator.strip() and row.state != State.IDLE:
        faults["operator"] = "经营性资产请写明经营人；没有人经营的，状态选“闲置”。"
    if faults:
        raise ValidationError(faults)


def note_income(
    *, by: User, asset: Asset, amount: Decimal, received_on: date, used_for: str, document: str,
    to_households: Decimal = Decimal(0),
) -> AssetIncome:  # fmt: skip
    """Note what an asset brought and what it was used for.

    Raises PermissionDenied without PROJECT_RUN, ValidationError for amounts that cannot be or a paper noted before.
    """
    check_right(by, Right.PROJECT_RUN, asset.place_id)
    with act(by=by, verb="note_asset_income"):
        row = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
        if amount <= 0:
            raise ValidationError({"amount": "收到金额应大于 0，请核对。"})
        if not 0 <= to_households <= amount:
            raise ValidationError({"to_households": "分给农户的不能超过收到的金额，请核对。"})
        if not row.formed_on <= received_on <= timezone.localdate():
            raise ValidationError({"received_on": "到账日期应在资产形成以后、今天以前，请核对。"})
        if row.incomes.filter(document=document.strip()).exists():
            raise ValidationError({"document": "这份凭证的收益已经登记过，请核对，不要重复登记。"})
        return AssetIncome.objects.create(
            asset=row, year=received_on.year, amount=amount, received_on=received_on, used_for=used_for.strip()[:200],
            to_households=to_households, document=document.strip()[:80], by=by,
        )  # fmt: skip


def dispose(*, by: User, asset: Asset, on: date, disposal: str, document: str) -> Asset:
    """Give an asset up, with the paper that allows it.

    Raises PermissionDenied without PROJECT_APPROVE (the county decides), ValidationError without the paper or twice.
    """
    check_right(by, Right.PROJECT_APPROVE, asset.place_id)
    with act(by=by, verb="dispose_asset"):
        row = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
        if row.state == State.DISPOSED:
            raise ValidationError("这项资产已经处置。")
        if not document.strip():
            raise ValidationError({"document": "请填写处置的批准文号。"})
        if not row.formed_on <= on <= timezone.localdate():
            raise ValidationError({"on": "处置日期应在资产形成以后、今天以前，请核对。"})
        row.state, row.idle_since = State.DISPOSED, None
        row.disposed_on, row.disposal, row.disposal_document = on, disposal, document.strip()[:80]
        row.version += 1
        row.save()
    return row
