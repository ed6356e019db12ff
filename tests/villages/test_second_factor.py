"""The second factor: six digits that open once, recovery codes, who must have one, who may take it away."""

import base64
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from tests import factories
from villages.models import RecoveryCode, SecondFactor, SignInAttempt
from villages.people.second_factor import services
from villages.people.services import reset_password
from villages.people.tokens import issue_token
from villages.rights import Role

PASSWORD = "Quan-xiu2020"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    names = ("MD5PasswordHasher", "PBKDF2PasswordHasher")  # initial passwords are sealed with the second
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}" for name in names]


@pytest.fixture
def officer():
    account = factories.posted(Role.COUNTY_OFFICER, username="xian")
    account.set_password(PASSWORD)
    account.save()
    return account


def shown(account, later: int = 0) -> str:
    """What the authenticator shows, ``later`` steps from now."""
    secret = SecondFactor.objects.get(user=account).secret
    return f"{totp(base64.b32decode(secret), t0=-later * services.STEP):06}"


@pytest.fixture
def codes(officer):
    """The officer has set his factor up; his recovery codes."""
    services.begin(by=officer)
    return services.confirm(by=officer, code=shown(officer))


def sign_in(client, **more):
    return client.post("/login/", {"username": "xian", "password": PASSWORD}, **more)


def test_the_password_alone_opens_nothing(client, officer, codes):
    assert sign_in(client).url == reverse("login-code")
    assert client.get("/").status_code == 302
    assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    assert client.post("/login/code/", {"code": shown(officer, 1)}).url == "/"
    assert client.get("/").status_code == 200
    outcomes = SignInAttempt.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["code", "refused", "ok"]


def test_a_code_opens_once(officer, codes):
    code = shown(officer, 1)
    services.check(account=officer, code=code, address="")
    with pytest.raises(ValidationError, match="还可以再试"):
        services.check(account=officer, code=code, address="")


def test_a_recovery_code_opens_once_however_it_is_written(officer, codes):
    services.check(account=officer, code=codes[0].lower().replace("-", " "), address="")
    with pytest.raises(ValidationError):
        services.check(account=officer, code=codes[0], address="")
    assert RecoveryCode.objects.filter(user=officer, used_at=None).count() == 9


def test_new_recovery_codes_close_the_old_ones(officer, codes):
    services.renew_codes(by=officer, code=codes[0], address="")
    with pytest.raises(ValidationError):
        services.check(account=officer, code=codes[1], address="")


def test_five_wrong_codes_close_the_door_to_an_address(officer, codes):
    for _ in range(5):
        with pytest.raises(ValidationError):
            services.check(account=officer, code="123", address="10.0.0.1")
    with pytest.raises(ValidationError, match="以后可以再试"):
        services.check(account=officer, code=shown(officer, 1), address="10.0.0.1")
    services.check(account=officer, code=shown(officer, 1), address="10.0.0.2")


def test_an_old_password_page_must_start_again(client, officer, codes):
    sign_in(client)
    session = client.session
    session["waits_for_code"] = {**session["waits_for_code"], "at": int(time.time()) - 601}
    session.save()
    assert client.post("/login/code/", {"code": shown(officer, 1)}).url == reverse("login")


def test_the_dialog_asks_for_the_code_in_its_place(client, officer, codes):
    dialog = {"HTTP_X_RELOGIN": "1"}
    asked = sign_in(client, **dialog)
    assert (asked.status_code, asked.headers["X-Code-Wanted"]) == (200, "1")
    data = {"username": "xian", "password": PASSWORD, "code": shown(officer, 1)}
    assert client.post("/login/", data, **dialog).headers["X-Logged-In"] == str(officer.pk)


def test_a_token_asks_it_too(officer, codes):
    for code in ("", "000000"):
        with pytest.raises(ValidationError):
            issue_token(username="xian", password=PASSWORD, code=code)
    assert issue_token(username="xian", password=PASSWORD, code=shown(officer, 1))
    outcomes = SignInAttempt.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["code", "code", "refused", "code", "ok"]


@pytest.mark.parametrize(
    ("role", "demanded"), [(Role.COUNTY_OFFICER, True), (Role.AUDITOR, True), (Role.VILLAGE_CADRE, False)]
)
def test_who_sees_a_county_gets_nowhere_without(role, demanded, client, settings):
    settings.SECOND_FACTOR = True
    account = factories.posted(role)
    client.force_login(account)
    assert client.get("/households/").status_code == (302 if demanded else 200)
    assert client.get("/api/v1/jobs/").status_code == (403 if demanded else 200)
    assert client.get("/login/security/").status_code == 200
    client.post("/login/security/begin/")
    answer = client.post("/login/security/confirm/", {"code": shown(account)})
    assert "恢复码只在这里显示一次" in answer.content.decode()
    assert client.get("/households/").status_code == 200
    removed = client.post("/login/security/remove/", {"code": shown(account, 1)})
    assert removed.status_code == (422 if demanded else 302)


def test_a_token_is_not_had_without_where_it_is_demanded(officer, settings):
    settings.SECOND_FACTOR = True
    with pytest.raises(ValidationError) as refusal:
        issue_token(username="xian", password=PASSWORD)
    assert refusal.value.code == "second_factor_required"


def test_who_resets_a_password_does_not_sign_in_with_it(client, officer, codes):
    guanli = factories.posted(Role.ACCOUNTS_ADMIN)
    password = reset_password(by=guanli, account=officer)
    assert client.post("/login/", {"username": "xian", "password": password}).url == reverse("login-code")
    with pytest.raises(PermissionDenied):
        services.reset(by=guanli, account=officer)


def test_a_security_administrator_takes_it_away_from_who_lost_it(client, officer, codes):
    client.force_login(factories.posted(Role.SECURITY_ADMIN))
    assert "取消二次验证" in client.get(f"/accounts/{officer.pk}/").content.decode()
    assert client.post(f"/accounts/{officer.pk}/factor/").status_code == 302
    assert services.factor_of(officer) is None
    assert sign_in(Client()).url == "/"


def test_a_posting_elsewhere_is_looked_after_elsewhere(officer, codes):
    factories.posting(officer, Role.COUNTY_LEADER, factories.OTHER_COUNTY)
    with pytest.raises(PermissionDenied):
        services.reset(by=factories.posted(Role.SECURITY_ADMIN), account=officer)


def test_nobody_takes_his_own_away_without_a_code(client):
    anquan = factories.posted(Role.SECURITY_ADMIN)
    with pytest.raises(ValidationError, match="另一位"):
        services.reset(by=anquan, account=anquan)


def test_the_secret_lies_sealed(officer, codes):
    secret = SecondFactor.objects.get(user=officer).secret
    stored = SecondFactor.objects.raw("SELECT id, secret::text || '' AS kept FROM villages_secondfactor")[0].kept
    assert secret not in stored


def test_twelve_hours_end_a_session_however_busy(client, officer):
    client.force_login(officer)
    client.get("/")
    session = client.session
    session["began"] = int(time.time()) - 12 * 3600 - 1
    session.save()
    assert client.get("/").status_code == 302
