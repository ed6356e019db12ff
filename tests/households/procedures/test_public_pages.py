"""The pages without login: what they show, what they never show, how an objection is made and followed."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from households.models import Notice, NoticeEntry, Objection
from households.procedures.engine import clock
from households.procedures.lists import batches, notices
from households.procedures.notices import selectors as public, views as public_views
from households.procedures.objections import services as objections
from povreg.kit import throttle
from tests import factories
from tests.households.procedures.procedure_world import World
from villages.rights import Role

pytestmark = pytest.mark.django_db
LETTER = "他家在县城有商品房，不符合条件"
HEAD, CHILD = "欧阳春秀", "欧阳小宝"


class Posted:
    """A list of two households on the board, and the day the pages take for today."""

    def __init__(self) -> None:
        self.world = World(households=2)
        head, child = self.world.households[0].members.order_by("person_no")
        for person, name in ((head, HEAD), (child, CHILD)):
            person.name, person.phone, person.bank_account = name, "13911112222", "6228480400001234567"
            person.health = "03"
            person.save()
        self.batch = self.world.until(self.world.start("exit-national"), "notice_1")
        with self.world.at():
            self.notice = notices.post_notice(
                by=self.world.cadre, batch=self.batch, board="村委会公示栏", hotline="12317"
            )
        self.numbers = [person.id_no for row in self.world.households for person in row.members.all()]

    @property
    def path(self) -> str:
        return f"/gongshi/n/{self.notice.token}/"


@pytest.fixture
def posted(monkeypatch):
    found = Posted()
    monkeypatch.setattr(clock, "today", lambda: found.world.day)
    return found


def text_of(answer) -> str:
    return answer.content.decode()


def send(client, posted, **more):
    return client.post(f"{posted.path}objection/", {"line": "1", "text": LETTER, **more})


def test_the_list_is_shown_masked_with_its_days(client, posted):
    page = text_of(client.get(posted.path))
    for wanted in (
        "脱贫退出公示",
        "开州区 关面乡 泉秀村 · 第一次公示",
        "欧**秀",
        "王*海",
        "3组",
        "收入达标，保障落实",
        "还有 7 天",
    ):
        assert wanted in page
    assert "我有不同意见" in page and "12317" in page


def test_nothing_personal_stands_in_any_byte_of_any_public_page(client, posted):
    """No full name, identity number, phone, card, disease, child or household number (policy.md 11.5)."""
    sent = send(client, posted, name="李告状", phone="13700001111")
    number = Objection.objects.get().tracking_no
    paths = ["/gongshi/", "/gongshi/?q=泉秀", "/gongshi/?ended=1", "/gongshi/500154/", "/gongshi/500154201200/"]
    answers = [client.get(path) for path in [*paths, posted.path, f"{posted.path}objection/", sent.url]]
    answers.append(client.post("/gongshi/objection/", {"tracking_no": number}))
    secrets = [
        HEAD,
        CHILD,
        "王明海",
        "王小",
        "13911112222",
        "6228480400001234567",
        "大病",
        "李告状",
        "13700001111",
        LETTER,
    ]
    secrets += [*posted.numbers, *[row.household_no for row in posted.world.households]]
    secrets += [posted.world.cadre.name, "/households/", "/objections/", "/login/"]
    for answer in answers:
        assert answer.status_code == 200
        raw = text_of(answer) + str(answer.headers)
        assert [secret for secret in secrets if secret in raw] == [], answer.request["PATH_INFO"]
        assert not re.search(r"\d{11,}", re.sub(r"[0-9a-f]{64}|/gongshi/\d+/", "", text_of(answer)))


def test_numbers_that_somebody_typed_into_free_text_are_not_shown(client, posted):
    Notice.objects.filter(pk=posted.notice.pk).update(
        correction_reason="原名单有误，电话 139 1111 2222", board="村委会 50019819750809101X"
    )
    page = text_of(client.get(posted.path))
    assert "原名单有误，电话 ***" in page and "1111" not in page and "0809101" not in page


def test_pages_are_kept_out_of_search_engines_and_may_be_cached_for_a_minute(client, posted):
    answer = client.get(posted.path)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert 'name="robots" content="noindex' in text_of(answer)
    assert (answer.headers["Cache-Control"], answer.cookies) == ("public, max-age=60", {})
    assert "no-store" in client.get(f"{posted.path}objection/").headers["Cache-Control"]
    assert text_of(client.get("/robots.txt")) == "User-agent: *\nDisallow: /\n"


def test_somebody_signed_in_gets_the_same_page_uncached(client, posted):
    client.force_login(factories.posted(Role.COUNTY_OFFICER))
    answer = client.get(posted.path)
    assert "no-store" in answer.headers["Cache-Control"] and "退出登录" not in text_of(answer)


@pytest.mark.parametrize("path", ["n/unknown-token/", "n/unknown-token/objection/", "999999/", "50/", "5001542/"])
def test_unknown_addresses_are_not_found(client, posted, path):
    answer = client.get(f"/gongshi/{path}")
    assert answer.status_code == 404 and "没有找到这份公示" in text_of(answer)


def test_the_address_cannot_be_guessed_from_the_notice(posted):
    assert len(posted.notice.token) >= 22 and str(posted.notice.pk) != posted.notice.token


def test_found_by_name_of_county_township_and_village(client, posted):
    for text, code in (("开州", "500154"), ("关面", "500154201"), ("泉秀村", "500154201200")):
        assert f'href="/gongshi/{code}/"' in text_of(client.get("/gongshi/", {"q": text}))
    assert "没有找到“满月”的公示" in text_of(client.get("/gongshi/", {"q": "满月"}))
    assert posted.path in text_of(client.get("/gongshi/500154201/"))
    factories.place(factories.NEXT_VILLAGE)
    assert posted.path not in text_of(client.get(f"/gongshi/{factories.NEXT_VILLAGE}/"))


def test_long_lists_are_paged(client, posted, monkeypatch):
    monkeypatch.setattr(public_views, "LINES", 1)
    first, second = (text_of(client.get(posted.path, {"page": number})) for number in (1, 2))
    names = [("欧**秀" in page, "王*海" in page) for page in (first, second)]
    assert sorted(names) == [(False, True), (True, False)] and "共 2 户，第 1 页，共 2 页" in " ".join(first.split())


def test_an_ended_list_says_so_and_is_taken_down_after_a_week(client, posted):
    posted.world.day = posted.notice.ends_on + timedelta(days=7)
    Notice.objects.filter(pk=posted.notice.pk).update(state="closed", closed_on=posted.world.day)
    page = text_of(client.get(posted.path))
    assert "公示已经结束" in page and "欧**秀" in page and "我有不同意见" not in page
    posted.world.later(1)
    page = text_of(client.get(posted.path))
    assert "名单已撤下" in page and "欧**秀" not in page and "王*海" not in page


def test_a_corrected_list_leads_to_the_new_one(client, posted):
    with posted.world.at():
        batches.take_out(by=posted.world.cadre, entry=posted.batch.entries.first(), reason="误列", stay_reason="07")
        fresh = notices.correct_notice(by=posted.world.cadre, notice=posted.notice, reason="误列一户")
    old, new = text_of(client.get(posted.path)), text_of(client.get(f"/gongshi/n/{fresh.token}/"))
    assert "这份名单已经更正" in old and fresh.token in old and "户主" not in old
    assert "更正原因：误列一户" in new
    over = client.get(f"{posted.path}objection/")
    assert over.status_code == 410 and fresh.token in text_of(over)


def test_a_list_that_was_stopped_is_taken_down(client, posted):
    with posted.world.at():
        batches.stop_batch(by=posted.world.cadre, batch=posted.batch, reason="名单有误")
    page = text_of(client.get(posted.path))
    assert "这份名单已经撤回" in page and "欧**秀" not in page and "我有不同意见" not in page
    assert posted.path not in text_of(client.get("/gongshi/"))


# Objections.


def test_an_objection_is_sent_without_a_name_and_followed_by_its_number(client, posted):
    sent = send(client, posted)
    row = Objection.objects.get()
    assert (row.line.position, row.name, row.text, row.channel) == (1, "", LETTER, "web")
    assert sent.status_code == 302 and row.tracking_no not in sent.url
    assert row.tracking_no in text_of(client.get(sent.url))
    assert Client().get(sent.url).status_code == 303, "nobody else sees the number"
    answer = client.post("/gongshi/objection/", {"tracking_no": row.tracking_no.lower()})
    assert "待分办" in text_of(answer)


@pytest.mark.parametrize("copied", ["{}", " {} ", "查询号：{}。"])
@pytest.mark.parametrize("strokes", ["-", "", " ", "—"])
def test_a_number_is_found_however_it_was_copied(client, posted, copied, strokes):
    """Without strokes, or with blanks for them, as one reads it out, it was not found."""
    send(client, posted)
    number = Objection.objects.get().tracking_no.replace("-", strokes)
    wide = number.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"})
    for text in (number, wide):
        answer = client.post("/gongshi/objection/", {"tracking_no": copied.format(text)})
        assert "待分办" in text_of(answer), text


def test_a_telephone_is_kept_as_it_is_looked_for(client, posted):
    """Full-width digits and blanks were kept, so that nobody found the number again."""
    send(client, posted, phone="１３８ 0000-1234")
    assert Objection.objects.get().phone == "1380000-1234"


def test_the_answer_is_shown_once_it_was_given(client, posted):
    world = posted.world
    send(client, posted, line="0")
    row = Objection.objects.get()
    assert row.line is None
    with world.at():
        objections.assign_objection(by=world.zhen, objection=row, to=world.zhen)
        objections.investigate_objection(by=world.zhen, objection=row, text="入户查看，没有商品房")
        objections.decide_objection(by=world.zhen, objection=row, decision="rejected", reason="查无此事")
    asked = {"tracking_no": row.tracking_no}
    assert "查无此事" not in text_of(client.post("/gongshi/objection/", asked))
    with world.at():
        objections.answer_objection(by=world.zhen, objection=row, answer="经核实，名单符合条件。")
    page = text_of(client.post("/gongshi/objection/", asked))
    assert "经核实，名单符合条件。" in page and "异议不成立" in page and "没有商品房" not in page


def test_an_unknown_number_is_refused_with_what_to_check(client):
    answer = client.post("/gongshi/objection/", {"tracking_no": "AAAA-BBBB-CCCC-DDDD"})
    assert answer.status_code == 422 and "没有找到这个查询号" in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": "不对"}, "写得太短"),
        ({"text": ""}, "请写明不同意见和理由"),
        ({"phone": "打村里电话"}, "电话应为 7 到 20 位数字"),
        ({"website": "http://spam"}, "防止机器提交"),
        ({"line": "99"}, "99"),
    ],
)
def test_a_refusal_keeps_what_was_typed(client, posted, typed, message):
    answer = send(client, posted, name="李老三", **typed)
    assert answer.status_code == 422 and not Objection.objects.exists()
    assert message in text_of(answer) and "李老三" in text_of(answer)
    if "text" not in typed:
        assert LETTER in text_of(answer)


def test_no_objection_after_the_last_day(client, posted):
    posted.world.day = posted.notice.ends_on
    assert send(client, posted).status_code == 302
    posted.world.later(1)
    answer = send(client, posted)
    assert answer.status_code == 410 and "不再受理网上异议" in text_of(answer)
    assert Objection.objects.count() == 1


def test_a_line_of_another_notice_cannot_be_meant(client, posted):
    other = NoticeEntry.objects.filter(notice=posted.notice).last()
    answer = send(client, posted, line=str(other.position + 5))
    assert answer.status_code == 422


# Limits.


def test_an_address_is_held_back_and_others_are_not(client, posted, monkeypatch):
    monkeypatch.setattr(public_views, "READ", throttle.Limit("test-read", 3, 3600))
    assert [client.get(posted.path).status_code for _ in range(4)] == [200, 200, 200, 429]
    held = client.get("/gongshi/n/guess/")
    assert held.status_code == 429 and int(held.headers["Retry-After"]) > 0 and "12317" in text_of(held)
    assert client.get(posted.path, REMOTE_ADDR="10.1.1.9").status_code == 200


def test_too_many_objections_wait_and_keep_their_text(client, posted, monkeypatch):
    monkeypatch.setattr(public_views, "WRITE", throttle.Limit("test-write", 2, 3600))
    assert [send(client, posted).status_code for _ in range(3)] == [302, 302, 429]
    answer = send(client, posted)
    assert LETTER in text_of(answer) and "提交过于频繁" in text_of(answer)
    assert Objection.objects.count() == 2


def test_tracking_numbers_cannot_be_tried_out(client, posted, monkeypatch):
    monkeypatch.setattr(public_views, "FOLLOW", throttle.Limit("test-follow", 2, 3600))
    tries = [client.post("/gongshi/objection/", {"tracking_no": f"AAAA-{n}"}).status_code for n in range(3)]
    assert tries == [422, 422, 429]


def test_the_address_behind_the_proxy_counts(rf, settings):
    asked = rf.get("/gongshi/", headers={"X-Forwarded-For": "1.2.3.4, 5.6.7.8"}, REMOTE_ADDR="127.0.0.1")
    settings.TRUSTED_PROXIES = 0
    assert throttle.address_of(asked) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert throttle.address_of(asked) == "5.6.7.8"
    settings.TRUSTED_PROXIES = 2
    assert throttle.address_of(asked) == "1.2.3.4"
    forged = rf.get("/gongshi/", headers={"X-Forwarded-For": "no address"}, REMOTE_ADDR="127.0.0.1")
    assert throttle.address_of(forged) == "127.0.0.1"


def test_reading_uses_up_no_right_to_object(client, posted, monkeypatch):
    monkeypatch.setattr(public_views, "READ", throttle.Limit("test-read", 1, 3600))
    assert [client.get(posted.path).status_code for _ in range(2)] == [200, 429]
    assert send(client, posted).status_code == 302


def test_an_announcement_stays_for_a_month(posted):
    row = posted.notice
    row.type, row.state = "announcement", "closed"
    posted.world.day = row.ends_on + timedelta(days=30)
    assert public.shows_lines(row)
    posted.world.later(1)
    assert not public.shows_lines(row)
