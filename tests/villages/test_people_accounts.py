"""Accounts and postings: who may open, reset, lock and grant, and for whom (policy.md 11.10)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from tests import factories
from villages.models import Posting, User
from villages.people import postings, selectors, services
from villages.people.lists import ACCOUNTS
from villages.rights import CHANGING, GRANTS, SEPARATED, Right, Role, clash

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("steady_counts")]
TODAY = timezone.localdate()


@pytest.fixture
def guanli():
    """The county's accounts administrator."""
    return factories.posted(Role.ACCOUNTS_ADMIN, username="guanli")


@pytest.fixture
def anquan():
    """The county's security administrator."""
    return factories.posted(Role.SECURITY_ADMIN, username="anquan")


@pytest.fixture
def stranger():
    return factories.posted(Role.ACCOUNTS_ADMIN, factories.OTHER_COUNTY)


@pytest.fixture
def cadre():
    return factories.posted(Role.VILLAGE_CADRE, username="cun")


def grant(by, account, role=Role.VILLAGE_CADRE, code=factories.VILLAGE, **facts):
    facts.setdefault("starts_on", TODAY)
    return postings.grant(by=by, account=account, role=role, place=factories.place(code), **facts)


def trace(row):
    return row.history.latest("pgh_id").pgh_context.metadata


# Opening


def test_an_account_is_opened_with_a_password_nobody_can_read_again(guanli):
    account, password = services.open_account(
        by=guanli, username="Wang.Lin ", name="王林", place=factories.place(factories.VILLAGE)
    )
    assert account.username == "wang.lin"
    assert account.must_change_password
    assert account.check_password(password)
    assert password not in account.password
    assert trace(account)["verb"] == "open_account"
    assert trace(account)["user"] == guanli.pk
    assert account.postings_today() == [], "opening grants nothing"


@pytest.mark.parametrize("username", ["王林", "1cun", "ab", "a b c", "x" * 41])
def test_a_malformed_username_is_refused(guanli, username):
    with pytest.raises(ValidationError) as refusal:
        services.open_account(by=guanli, username=username, name="王林", place=factories.place())
    assert "以字母开头" in refusal.value.message_dict["username"][0]


def test_a_username_is_given_once(guanli, cadre):
    with pytest.raises(ValidationError, match="已经有人使用"):
        services.open_account(by=guanli, username="CUN", name="王林", place=factories.place())


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ACCOUNTS_ADMIN}))
def test_no_other_role_opens_accounts(role):
    with pytest.raises(PermissionDenied):
        services.open_account(by=factories.posted(role), username="wang", name="王林", place=factories.place())


def test_nobody_opens_accounts_next_door(stranger):
    with pytest.raises(PermissionDenied):
        services.open_account(by=stranger, username="wang", name="王林", place=factories.place())


def test_one_account_for_each_village_that_has_none(guanli, cadre):
    factories.place(factories.NEXT_VILLAGE)
    factories.place("500154201202", retired_on=date(2020, 1, 1))
    made = services.open_village_accounts(by=guanli, township=factories.place(factories.TOWNSHIP))
    assert [(account.username, account.place_id) for account, _ in made] == [
        (f"c{factories.NEXT_VILLAGE}", factories.NEXT_VILLAGE)
    ]
    assert made[0][0].check_password(made[0][1])
    assert services.open_village_accounts(by=guanli, township=factories.place(factories.TOWNSHIP)) == []


def test_a_village_whose_account_was_closed_gets_another_name(guanli):
    township = factories.place(factories.TOWNSHIP)
    factories.place(factories.VILLAGE)
    [(first, _)] = services.open_village_accounts(by=guanli, township=township)
    services.close(by=guanli, account=first, reason="调离")
    [(second, _)] = services.open_village_accounts(by=guanli, township=township)
    assert second.username == f"{first.username}-2"


# Looking after


def test_reset_gives_a_new_password_and_ends_sessions(guanli, cadre, client):
    client.force_login(cadre)
    password = services.reset_password(by=guanli, account=cadre)
    cadre.refresh_from_db()
    assert cadre.check_password(password)
    assert cadre.must_change_password
    assert client.get("/").status_code == 302
    assert trace(cadre)["verb"] == "reset_password"


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
def test_the_watched_are_reset_by_the_security_administrator(guanli, anquan, role):
    watched = factories.posted(role)
    with pytest.raises(ValidationError, match="由安全管理员重置"):
        services.reset_password(by=guanli, account=watched)
    assert services.reset_password(by=anquan, account=watched)


def test_the_security_administrator_resets_nobody_else(anquan, cadre):
    with pytest.raises(PermissionDenied):
        services.reset_password(by=anquan, account=cadre)


def test_lock_shuts_out_at_once_until_unlocked(guanli, cadre, client):
    client.force_login(cadre)
    services.lock(by=guanli, account=cadre, until=timezone.now() + timedelta(days=3), reason="调查期间")
    assert client.get("/").status_code == 302
    cadre.refresh_from_db()
    assert trace(cadre)["reason"] == "调查期间"
    services.unlock(by=guanli, account=cadre)
    cadre.refresh_from_db()
    assert not cadre.is_locked


def test_wrong_passwords_do_not_end_a_session_that_is_open(cadre, client):
    client.force_login(cadre)
    for _ in range(6):
        client.__class__().post("/login/", {"username": cadre.username, "password": "wrong"})
    assert client.get("/").status_code == 200


def test_a_lock_needs_a_day_to_come(guanli, cadre):
    with pytest.raises(ValidationError, match="须晚于今天"):
        services.lock(by=guanli, account=cadre, until=timezone.now(), reason="x")


def test_close_and_reopen(guanli, cadre, client):
    client.force_login(cadre)
    services.close(by=guanli, account=cadre, reason="退休")
    cadre.refresh_from_db()
    assert not cadre.is_active
    assert client.get("/").status_code == 302
    services.reopen(by=guanli, account=cadre)
    cadre.refresh_from_db()
    assert cadre.is_active


VERBS = {
    "reset": lambda by, account: services.reset_password(by=by, account=account),
    "lock": lambda by, account: services.lock(
        by=by, account=account, until=timezone.now() + timedelta(days=1), reason="x"
    ),
    "unlock": lambda by, account: services.unlock(by=by, account=account),
    "close": lambda by, account: services.close(by=by, account=account, reason="x"),
    "reopen": lambda by, account: services.reopen(by=by, account=account),
    "edit": lambda by, account: services.edit_account(
        by=by, account=account, name="甲", place=factories.place(), unit=None
    ),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_looks_after_his_own_account(guanli, verb):
    with pytest.raises(ValidationError, match="自己的账号"):
        verb(guanli, guanli)


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_a_stranger_looks_after_nobody(stranger, cadre, verb):
    with pytest.raises(PermissionDenied):
        verb(stranger, cadre)


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_a_township_administrator_does_not_reach_up(verb):
    """The account was opened in his township, but its posting is the county's."""
    below = factories.posted(Role.ACCOUNTS_ADMIN, factories.TOWNSHIP)
    officer = factories.user(place=factories.place(factories.TOWNSHIP))
    factories.posting(officer, Role.COUNTY_OFFICER, factories.COUNTY)
    with pytest.raises(PermissionDenied):
        verb(below, officer)


# Postings


def test_a_posting_is_granted_inside_ones_places(anquan):
    account = factories.user(place=factories.place())
    posting = grant(anquan, account)
    assert User.objects.get(pk=account.pk).can(Right.HOUSEHOLD_EDIT, factories.VILLAGE)
    assert posting.granted_by == anquan
    assert trace(posting) | {"request": ""} == {
        "user": anquan.pk,
        "verb": "grant_posting",
        "reason": "",
        "request": "",
    }


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMIN}))
def test_no_other_role_grants(role):
    with pytest.raises(PermissionDenied):
        grant(factories.posted(role), factories.user())


def test_no_posting_outside_ones_places(anquan):
    with pytest.raises(PermissionDenied):
        grant(anquan, factories.user(), code=factories.OTHER_VILLAGE)


def test_nobody_grants_to_himself(anquan):
    with pytest.raises(ValidationError, match="不能给自己"):
        grant(anquan, anquan)


@pytest.mark.parametrize(
    ("role", "code", "said"),
    [
        (Role.VILLAGE_CADRE, factories.TOWNSHIP, "任职地须是村"),
        (Role.TOWNSHIP_OFFICER, factories.VILLAGE, "任职地须是乡镇"),
        (Role.COUNTY_OFFICER, factories.TOWNSHIP, "任职地须是县"),
    ],
)
def test_a_role_has_its_level(anquan, role, code, said):
    with pytest.raises(ValidationError, match=said):
        grant(anquan, factories.user(), role, code)


def test_no_posting_to_a_village_that_is_gone(anquan):
    gone = factories.place(factories.NEXT_VILLAGE, retired_on=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="已经撤并"):
        grant(anquan, factories.user(), code=gone.code)


def test_no_posting_for_a_closed_account(anquan):
    with pytest.raises(ValidationError, match="已经停用"):
        grant(anquan, factories.user(is_active=False))


def test_dates_in_order(anquan):
    with pytest.raises(ValidationError, match="早于起始日期"):
        grant(anquan, factories.user(), ends_on=TODAY - timedelta(days=1))


def test_the_same_posting_only_once_at_a_time(anquan, cadre):
    with pytest.raises(ValidationError, match="已有"):
        grant(anquan, cadre)
    cadre.postings.update(ends_on=TODAY - timedelta(days=1))
    assert grant(anquan, cadre), "after the first has ended it may be granted again"


def test_an_auditor_changes_nothing(anquan, cadre):
    with pytest.raises(ValidationError, match="不能与“村干部”由同一人担任"):
        grant(anquan, cadre, Role.AUDITOR, factories.COUNTY)


def test_roles_may_follow_each_other(anquan, cadre):
    cadre.postings.update(ends_on=TODAY + timedelta(days=5))
    with pytest.raises(ValidationError, match="由同一人担任"):
        grant(anquan, cadre, Role.AUDITOR, factories.COUNTY, starts_on=TODAY + timedelta(days=5))
    assert grant(anquan, cadre, Role.AUDITOR, factories.COUNTY, starts_on=TODAY + timedelta(days=6))


def test_a_volunteer_is_of_one_village_for_a_time_and_takes_nothing_away(anquan, cadre):
    helper = factories.user()
    with pytest.raises(ValidationError, match="须有截止日期"):
        grant(anquan, helper, Role.VOLUNTEER, factories.VILLAGE)
    with pytest.raises(ValidationError, match="任职地须是"):
        grant(anquan, helper, Role.VOLUNTEER, factories.TOWNSHIP, ends_on=TODAY + timedelta(days=30))
    assert grant(anquan, helper, Role.VOLUNTEER, factories.VILLAGE, ends_on=TODAY + timedelta(days=30))
    rights = GRANTS[Role.VOLUNTEER]
    assert Right.HOUSEHOLD_EDIT in rights
    assert not rights & {Right.EXPORT, Right.EXPORT_UNMASKED, Right.UNMASK, Right.HOUSEHOLD_MOVE, Right.IMPORT}


def test_the_three_officers_keep_apart():
    for one in SEPARATED:
        assert not GRANTS[one] & {Right.HOUSEHOLD_EDIT, Right.HOUSEHOLD_MOVE, Right.HOUSEHOLD_VOID, Right.IMPORT}
        for other in Role:
            changes = bool(GRANTS[other] & CHANGING)
            assert clash(one, other) == clash(other, one) == (other != one and (other in SEPARATED or changes))
    assert not GRANTS[Role.AUDITOR] & CHANGING
    assert not any({Right.ACCOUNT_MANAGE, Right.POSTING_GRANT} <= rights for rights in GRANTS.values())
    assert not clash(Role.VILLAGE_CADRE, Role.HELPER)


def test_a_posting_ends_on_its_last_day(anquan, cadre):
    posting = cadre.postings.get()
    postings.end(by=anquan, posting=posting, last_day=TODAY)
    assert User.objects.get(pk=cadre.pk).can(Right.HOUSEHOLD_EDIT, factories.VILLAGE), "the last day still counts"
    posting.refresh_from_db()
    assert trace(posting)["verb"] == "end_posting"


def test_a_posting_ended_yesterday_is_over_at_once(anquan, cadre):
    postings.end(by=anquan, posting=cadre.postings.get(), last_day=TODAY - timedelta(days=1))
    assert not User.objects.get(pk=cadre.pk).can(Right.HOUSEHOLD_EDIT)


def test_a_posting_to_come_is_taken_back(anquan):
    posting = grant(anquan, factories.user(), starts_on=TODAY + timedelta(days=9))
    postings.end(by=anquan, posting=posting, last_day=TODAY)
    assert not Posting.objects.filter(pk=posting.pk).exists()


def test_end_refused(anquan, cadre):
    posting = cadre.postings.get()
    with pytest.raises(ValidationError, match="最早可以立即结束"):
        postings.end(by=anquan, posting=posting, last_day=TODAY - timedelta(days=2))
    with pytest.raises(ValidationError, match="不能结束自己的任职"):
        postings.end(by=anquan, posting=anquan.postings.get(), last_day=TODAY)
    stranger = factories.posted(Role.SECURITY_ADMIN, factories.OTHER_COUNTY)
    with pytest.raises(PermissionDenied):
        postings.end(by=stranger, posting=posting, last_day=TODAY)
    cadre.postings.update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError, match="已经结束"):
        postings.end(by=anquan, posting=posting, last_day=TODAY)


def test_village_accounts_are_posted_all_at_once(guanli, anquan, cadre):
    factories.place(factories.NEXT_VILLAGE)
    township = factories.place(factories.TOWNSHIP)
    [(account, _)] = services.open_village_accounts(by=guanli, township=township)
    assert postings.grant_villages(by=anquan, township=township) == 1
    assert User.objects.get(pk=account.pk).postings_today() == [(Role.VILLAGE_CADRE, factories.NEXT_VILLAGE)]
    assert postings.grant_villages(by=anquan, township=township) == 0
    with pytest.raises(PermissionDenied):
        postings.grant_villages(by=guanli, township=township)


# Who sees which accounts


def test_accounts_are_seen_inside_ones_places(guanli, stranger, cadre):
    from_elsewhere = factories.user(place=factories.place(factories.OTHER_COUNTY))
    factories.posting(from_elsewhere, Role.HELPER, factories.TOWNSHIP)
    assert set(selectors.accounts(guanli)) == {guanli, cadre, from_elsewhere}
    assert cadre not in selectors.accounts(stranger)
    assert set(selectors.accounts(cadre)) == set(), "a cadre administers nobody"


def test_the_list_is_narrowed(guanli, cadre):
    locked = factories.posted(Role.TOWNSHIP_OFFICER, username="zhen", locked_until=timezone.now() + timedelta(days=1))
    waiting = factories.user("waiting", place=factories.place(), must_change_password=True)
    closed = factories.posted(Role.COUNTY_LEADER, username="gone", is_active=False)

    def found(**filters):
        return {account.username for account in ACCOUNTS.found(guanli, filters)}

    assert found(q="ZHE") == {"zhen"}
    assert found(place=factories.VILLAGE) == {"cun", "waiting"}
    assert found(role=Role.TOWNSHIP_OFFICER) == {"zhen"}
    assert found(state="locked") == {locked.username}
    assert found(state="unposted") == found(state="initial") == {waiting.username}
    assert found(state="closed") == {closed.username}
    assert found(state="open") == {"guanli", "cun"}


def test_states_agree_with_the_filter(guanli, cadre):
    factories.user("waiting", place=factories.place(), must_change_password=True)
    for state in ("open", "unposted"):
        for account in ACCOUNTS.found(guanli, {"state": state}):
            assert selectors.state_of(account) == state


# The pages


def test_the_list_costs_the_same_however_long(guanli, client, django_assert_max_num_queries):
    for number in range(12):
        factories.posted(Role.VILLAGE_CADRE, username=f"c{number}x")
    client.force_login(guanli)
    client.get(reverse("accounts"))
    with django_assert_max_num_queries(7):
        assert client.get(reverse("accounts")).text.count("村干部（泉秀村）") == 12


def test_the_initial_password_is_on_the_answer_only(guanli, client):
    client.force_login(guanli)
    form = {"username": "wang", "name": "王林", "place": factories.place().code}
    response = client.post(reverse("account-new"), form)
    account = User.objects.get(username="wang")
    shown = next(text for text in response.text.split("<code>") if account.check_password(text.split("</code>")[0]))
    assert shown.split("</code>")[0] not in client.get(reverse("account", args=[account.pk])).text
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_refused_account_keeps_what_was_typed(guanli, client, cadre):
    client.force_login(guanli)
    form = {"username": "cun", "name": "王林", "place": "", "place_text": "泉秀村"}
    response = client.post(reverse("account-new"), form)
    assert response.status_code == 422
    assert "已经有人使用" in response.text
    assert 'value="王林"' in response.text
    assert f'value="{factories.VILLAGE}"' in response.text, "the village typed by its name was found"


def test_a_place_outside_is_not_found(guanli, client):
    factories.place(factories.OTHER_VILLAGE)
    client.force_login(guanli)
    response = client.post(
        reverse("account-new"), {"username": "wang", "name": "王林", "place": factories.OTHER_VILLAGE}
    )
    assert "在您的管辖范围内没有找到" in response.text
    assert not User.objects.filter(username="wang").exists()


def test_a_posting_is_granted_on_the_account_page(anquan, client):
    account = factories.user(place=factories.place())
    client.force_login(anquan)
    url = reverse("posting-new", args=[account.pk])
    wrong = client.post(url, {"role": "village_cadre", "place": factories.TOWNSHIP, "starts_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "任职地须是村" in wrong.text
    client.post(url, {"role": "village_cadre", "place": factories.VILLAGE, "starts_on": "2020-01-01"})
    assert account.postings.get().place_id == factories.VILLAGE


def test_one_may_not_act_on_ones_own_page(anquan, client):
    client.force_login(anquan)
    page = client.get(reverse("account", args=[anquan.pk])).text
    assert "这是您自己的账号" in page
    assert reverse("posting-new", args=[anquan.pk]) not in page


def test_the_officer_of_the_logs_reads_logs_and_nothing_adds_up(client) -> None:
    officer = factories.posted(Role.LOG_OFFICER)
    factories.sign_in(officer)
    client.force_login(officer)
    page = client.get("/sign-ins/").content.decode()
    assert "10.1.1.1" in page and "未通过" in page
    assert [client.get(path).status_code for path in ("/households/", "/accounts/", "/trail/")] == [403] * 3
    for other in (Role.ACCOUNTS_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.COUNTY_OFFICER):
        assert clash(Role.LOG_OFFICER, other) and clash(other, Role.LOG_OFFICER)
    assert not GRANTS[Role.LOG_OFFICER] & CHANGING
