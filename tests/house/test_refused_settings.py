"""Settings that cannot work are refused at start, in a sentence that names the setting and holds no secret."""

import base64
import os

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from redis.connection import parse_url

from households.models import Member
from povreg.kit.crypto import forget_hashing, key_id_of, keyring, lookup_hash
from povreg.shell import environment, keys, refusals
from povreg.shell.embedded import ServerError
from povreg.shell.models import KeyMark
from tests import factories
from tests.house.test_settings import settings_say
from tests.owner import owner

ONE, TWO, THREE = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY 太短"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY 太短"),
        ({"FIELD_ENCRYPTION_KEYS": f"{ONE},nonsense"}, "第 2 个密钥格式不对"),
        ({"FIELD_ENCRYPTION_KEYS": ","}, "FIELD_ENCRYPTION_KEYS 是空的"),
        ({"DATABASE_URL": "postgres://povreg:s3cr#t/x@db/povreg"}, "DATABASE_PASSWORD"),
        ({"REDIS_URL": "redis://:s3cr/t?@redis:6379/0"}, "REDIS_PASSWORD"),
        ({"DEMO": "1"}, "是正式环境"),
    ],
)
def test_each_is_refused_with_a_sentence(changes, said):
    done = settings_say("1", **changes)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0 and said in last, done.stderr
    assert "s3cr" not in last and ONE not in last


def test_a_secret_may_lie_in_a_file(tmp_path):
    keys_file = tmp_path / "keys"
    keys_file.write_text(f"{TWO}\n{ONE}\n")
    given = {"FIELD_ENCRYPTION_KEYS": None, "FIELD_ENCRYPTION_KEYS_FILE": str(keys_file)}
    assert eval(settings_say("s.FIELD_ENCRYPTION_KEYS", **given).stdout) == [TWO, ONE]
    gone = settings_say("1", **{**given, "FIELD_ENCRYPTION_KEYS_FILE": str(tmp_path / "gone")})
    assert "FIELD_ENCRYPTION_KEYS_FILE 指的文件读不出来" in gone.stderr
    assert "只能设置一个" in settings_say("1", SECRET_KEY_FILE=str(keys_file)).stderr


def test_a_training_installation_says_so():
    assert settings_say("s.DEMO", DEMO="1", ALLOW_DEMO="1").stdout.strip() == "True"


def test_passwords_of_any_characters_arrive_whole():
    password = "a/b?c#d%e@f:g'h"
    done = settings_say(
        "s.DATABASES['default']['PASSWORD'], s.DATABASE_OWNER, s.REDIS_URL",
        DATABASE_URL="", DATABASE_HOST="db", DATABASE_PASSWORD=password,
        DATABASE_OWNER_URL="", DATABASE_OWNER_USER="boss", DATABASE_OWNER_PASSWORD=password + "!",
        REDIS_URL="", REDIS_HOST="cache", REDIS_PASSWORD=password,
    )  # fmt: skip
    got, boss, url = eval(done.stdout)
    assert got == password
    assert (boss["USER"], boss["PASSWORD"], boss["HOST"], boss["NAME"]) == ("boss", password + "!", "db", "povreg")
    assert (parse_url(url)["password"], parse_url(url)["host"]) == (password, "cache")


@pytest.mark.parametrize("url", ["postgres://u:p@h:5432/n", "postgres://u:a%2Fb@h/n", "postgresql://u@/n?host=/run"])
def test_addresses_that_work_are_not_refused(url):
    refusals.refuse_broken(url, "DATABASE_URL", refusals.DATABASE_SCHEMES)


@pytest.mark.parametrize(
    "url", ["h:5432/n", "mysql://u:p@h/n", "postgres://u:p#q@h/n", "postgres://u:50%@h/n", "postgres://u:a/b@h/n"]
)
def test_broken_addresses_are_refused(url):
    with pytest.raises(ServerError, match="DATABASE_HOST"):
        refusals.refuse_broken(url, "DATABASE_URL", refusals.DATABASE_SCHEMES)


# The keys and the database.


@pytest.fixture
def marked(db, settings):
    """A database that was marked under the keys TWO (in front) and ONE."""
    settings.FIELD_ENCRYPTION_KEYS = [TWO, ONE]
    factories.household(members=1)
    with owner():
        KeyMark.objects.all().delete()
        keys.record_keys()
    return settings


def test_the_keys_of_the_database_are_let_in_also_with_a_new_one_in_front(marked):
    keys.check_keys()
    marked.FIELD_ENCRYPTION_KEYS = [THREE, TWO, ONE]
    keys.check_keys()


def test_the_order_of_the_keys_loses_nobody(marked):
    number = Member.objects.get().id_no
    marked.FIELD_ENCRYPTION_KEYS = [ONE, TWO]
    forget_hashing()
    keys.check_keys()
    assert Member.objects.filter(id_hash=lookup_hash(number)).exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [([THREE], "不是这个数据库的密钥"), ([ONE], "少了仍在使用的密钥")],
)
def test_other_keys_are_refused_and_a_command_changes_nothing(marked, given, said, tmp_path):
    marked.FIELD_ENCRYPTION_KEYS = given
    with pytest.raises(ServerError, match=said):
        keys.check_keys()
    with pytest.raises(ServerError, match=said):
        call_command("export_sheet", layout="roster-2022", place=factories.VILLAGE, out=str(tmp_path / "x.xlsx"))
    assert not (tmp_path / "x.xlsx").exists()


def test_an_old_installation_is_marked_only_with_keys_that_open_it(marked):
    with owner():
        KeyMark.objects.all().delete()
        marked.FIELD_ENCRYPTION_KEYS = [THREE]
        with pytest.raises(ServerError, match="不是这个数据库的密钥"):
            keys.record_keys()
        assert not KeyMark.objects.exists()
        marked.FIELD_ENCRYPTION_KEYS = [ONE, TWO]  # by which of them hashes are made, the values tell
        keys.record_keys()
        assert keys.hashing_keys() == (key_id_of(ONE),)


def test_the_application_cannot_change_the_marks(marked):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('shell_keymark', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)


def test_a_mark_tells_nothing_of_a_key(marked):
    assert {len(mark.key_id) for mark in KeyMark.objects.all()} == {6}
    assert not any(
        key.hex() in mark
        for key in keyring().hash_keys.values()
        for mark in KeyMark.objects.values_list("hash_mark", flat=True)
    )


def test_load_demo_is_refused_in_production(db, settings):
    settings.DEMO_REFUSAL = refusals.demo_refusal(production=True, allowed=False)
    with pytest.raises(CommandError, match="正式环境"):
        call_command("load_demo", households=1)
    assert refusals.demo_refusal(production=True, allowed=True) == ""
    assert environment.PRODUCTION is False or os.environ.get("DATABASE_URL")
