"""The daily seals: a break is named whoever made it; rotation and lawful erasure are none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given, strategies as st

from households.models import Household, Member
from povreg.kit.history import act
from povreg.kit.sheets.leaving import Leaving
from povreg.proof import keys
from povreg.proof.models import ExportRecord, Seal, SealPart
from povreg.proof.recording import open_record
from povreg.proof.seals import services
from povreg.proof.seals.hashing import cut, root_of
from povreg.proof.seals.verifying import Verification
from povreg.shell.environment import new_key
from tests import factories
from tests.owner import owner

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
EVENTS = "households_memberevent"


@contextmanager
def by_hand() -> Iterator[Any]:
    """The owner of the database with its tools: no trigger fires."""
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def seal(days: int = 1) -> int:
    """Seal today (and what follows), as the clockwork will."""
    return sum(services.seal_day(TODAY + timedelta(days=at)) for at in range(days))


def breaks() -> list[str]:
    return [str(each) for each in Verification().breaks()]


@pytest.fixture
def sealed() -> Household:
    """A household whose history is sealed on two days."""
    with act(by=None, verb="load_test"):
        household = factories.household(members=2, phone="13800001234")
    seal(2)
    return household


def test_every_day_has_its_link_in_every_chain(sealed: Household) -> None:
    links = list(Seal.objects.filter(chain=factories.COUNTY).order_by("number"))
    assert [link.number for link in links] == [1, 2]
    assert links[1].previous == links[0].head and links[1].events == 0
    assert links[0].tables[EVENTS]["count"] == 2
    assert Seal.objects.filter(chain="").count() == 2
    assert breaks() == []


def test_what_was_written_late_is_sealed_the_day_after(sealed: Household) -> None:
    Member.objects.filter(household=sealed).update(education="03")
    services.seal_day(TODAY + timedelta(days=2))
    assert Seal.objects.get(chain=factories.COUNTY, number=3).tables[EVENTS]["count"] == 2
    assert breaks() == []


ALTERED = {
    "a version": (f"UPDATE {EVENTS} SET name = '赵六' WHERE pgh_id = (SELECT min(pgh_id) FROM {EVENTS})", "被改"),
    "a version gone": (f"DELETE FROM {EVENTS} WHERE pgh_id = (SELECT min(pgh_id) FROM {EVENTS})", "被删去"),
    "who did it": ("UPDATE pghistory_context SET metadata = '{}'", "被改"),
    "a link": ("UPDATE proof_seal SET events = events + 1 WHERE number = 1", "内容被改"),
    "leaves": ("UPDATE proof_sealpart SET leaves = decode(repeat('00', length(leaves)), 'hex')", "叶与封印不符"),
    "the register itself": ("UPDATE households_member SET name = '赵六'", "被直接改动"),
}


@pytest.mark.parametrize("change", ALTERED)
def test_an_edit_by_the_owner_of_the_database_is_found(sealed: Household, change: str) -> None:
    statement, words = ALTERED[change]
    with by_hand() as cursor:
        cursor.execute(statement)
    found = breaks()
    assert found and words in found[0], found


def test_a_link_that_is_gone_is_missed_by_the_exports_that_cite_it(sealed: Household, tmp_path: Any) -> None:
    record = open_record(Leaving("test", "名单", place_code=factories.COUNTY))
    record.digest.sheet("名单")
    assert str(record.seal) in dict(record.lines()).values()
    list(record.proof())
    (tmp_path / "a.xlsx").write_bytes(b"1")
    record.close(tmp_path / "a.xlsx")
    cited = ExportRecord.objects.get().seal
    with by_hand() as cursor:
        cursor.execute("DELETE FROM proof_sealpart")
        cursor.execute("DELETE FROM proof_seal WHERE head = %s", [cited])
    assert any(cited in each for each in breaks())


def test_a_version_put_in_later_with_an_old_day_is_found(sealed: Household) -> None:
    with by_hand() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied AS SELECT * FROM {EVENTS} LIMIT 1")
        cursor.execute("UPDATE copied SET pgh_id = 999999, name = '赵六', pgh_created_at = now() - interval '9 days'")
        cursor.execute(f"INSERT INTO {EVENTS} SELECT * FROM copied")
    assert any("999999" in each and "塞进去" in each for each in breaks())


def test_rotation_of_both_keys_leaves_it_whole(sealed: Household, settings: Any) -> None:
    with owner():
        keys.record_signing_keys()
        settings.SIGNING_KEYS = [new_key(), *settings.SIGNING_KEYS]
        keys.record_signing_keys()
    settings.SIGNING_KEYS = settings.SIGNING_KEYS[:1]
    settings.FIELD_ENCRYPTION_KEYS = [new_key(), *settings.FIELD_ENCRYPTION_KEYS]
    services.seal_day(TODAY + timedelta(days=2))
    assert breaks() == []


def test_erasure_by_law_is_no_break_and_none_without_its_note(sealed: Household) -> None:
    head = Member.objects.filter(household=sealed).first()
    assert head is not None
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert services.erase_history(by=None, model=Member, pk=head.pk, rule="个人信息保护法第四十七条") == 1
    run = Verification()
    assert [str(each) for each in run.breaks()] == [] and run.checked.erased == 1
    assert head.history.get().name == ""
    with by_hand() as cursor:
        cursor.execute("UPDATE proof_erasure SET rule = '另一条'")
    assert "被改" in breaks()[0]


def test_without_a_rule_or_a_seal_nothing_is_erased(sealed: Household) -> None:
    with pytest.raises(ValueError, match="rule"):
        services.erase_history(by=None, model=Member, pk=1, rule=" ")
    late = factories.household(members=1).members.get()
    with pytest.raises(ValueError, match="not sealed"):
        services.erase_history(by=None, model=Member, pk=late.pk, rule="法")


def test_the_command_names_the_first_break(sealed: Household, capsys: Any) -> None:
    call_command("verify_trail")
    assert "没有发现改动" in capsys.readouterr().out
    with by_hand() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET name = '赵六'")
    with pytest.raises(SystemExit):
        call_command("verify_trail")
    assert "第一处断裂：500154链" in capsys.readouterr().out


def test_anybody_reads_the_seals(sealed: Household, client: Client) -> None:
    link = Seal.objects.get(chain=factories.COUNTY, number=1)
    assert link.head in client.get("/gongshi/fengyin/", {"county": factories.COUNTY}).content.decode()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=20), st.data())
def test_another_leaf_is_another_root(leaves: list[bytes], data: Any) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    other = [*leaves[:at], bytes(32 * [7]), *leaves[at + 1 :]]
    assert (root_of(leaves) == root_of(other)) == (leaves == other)
    assert cut(b"".join(leaves), 32) == leaves


def test_parts_are_kept_apart_from_the_web(sealed: Household) -> None:
    with pytest.raises(Exception, match=r"append_only|permission denied"):
        SealPart.objects.update(salts=b"")
