"""Redis is gone: public notices are read and objected to, sessions go on, nobody guesses passwords uncounted."""

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.test import Client
from redis.exceptions import RedisError

from households.models import Objection
from tests import factories as make
from tests.households.procedures.test_public_pages import posted, send  # noqa: F401  a fixture
from villages.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(settings):
    """Nobody listens there. Called when all that must happen before has."""

    def go() -> None:
        dead = configured.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = configured.CACHES | {"default": dead}
        with pytest.raises(RedisError):
            cache.get("x")

    yield go


def test_public_pages_answer_and_objections_are_received(posted, gone, caplog):  # noqa: F811
    gone()
    client = Client()
    client.cookies["sessionid"] = "of-an-earlier-visit"
    place = f"/gongshi/{posted.notice.batch.place_id}/"
    for path in ("/gongshi/", place, posted.path, f"{posted.path}objection/", "/login/", "/robots.txt", "/healthz"):
        assert client.get(path).status_code == 200, path
    assert "limit public-read is not counted" in caplog.text

    answer = send(client, posted, follow=True)
    assert answer.status_code == 302, answer.text
    assert Objection.objects.get().tracking_no in client.get(answer.headers["Location"]).text


def test_tracking_numbers_are_not_tried_uncounted(gone):
    gone()
    client = Client()
    assert client.get("/gongshi/objection/").status_code == 200
    assert client.post("/gongshi/objection/", {"tracking_no": "AAAA-BBBB-CCCC"}).status_code == 429


def test_who_is_signed_in_goes_on_and_nobody_else_comes_in(client, gone):
    account = make.posted(Role.VILLAGE_CADRE)
    client.force_login(account)
    gone()
    assert client.get("/password/").status_code == 200
    answer = Client().post("/login/", {"username": account.username, "password": "whatever"})
    assert answer.status_code == 200
    assert "暂时不能核对密码" in answer.text
