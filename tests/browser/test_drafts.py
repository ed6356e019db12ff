"""Nothing typed is lost: a saved form leaves nothing behind, an ended session or network takes nothing away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from households.models import Household
from povreg.kit.idnumber import check_digit
from tests import factories
from villages.rights import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Quanxiu-2020"
YEAR = factories.YEAR


@pytest.fixture
def cadre(laptop: Page) -> Page:
    account = factories.user("cun", password=PASSWORD, place=factories.place())
    factories.posting(account, Role.VILLAGE_CADRE)
    laptop.goto("/login/")
    laptop.fill("[name=username]", "cun")
    laptop.fill("[name=password]", PASSWORD)
    laptop.keyboard.press("Enter")
    laptop.wait_for_url(lambda url: "/login/" not in url)
    return laptop


def number(first17: str) -> str:
    return first17 + check_digit(first17)


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('povreg:draft:'))")


def test_the_next_new_household_starts_empty(cadre: Page) -> None:
    cadre.goto(f"/households/new/?year={YEAR}")
    cadre.fill("[name=name]", "王明海")
    cadre.fill("[name=group_name]", "3组")
    expect(cadre.locator("[data-saved-state]")).to_contain_text("已在本机留底")
    cadre.goto("/")  # not sent yet: the workbench says so and leads back
    expect(cadre.locator("[data-unsent]")).to_contain_text("登记新户")
    cadre.locator("[data-unsent] a").click()
    expect(cadre.locator("[name=name]")).to_have_value("王明海")
    cadre.fill("[name=id_no]", number("50019819750809421"))
    cadre.keyboard.press("Control+s")
    cadre.wait_for_url("**/members/**")
    expect(cadre.locator("#messages")).to_contain_text("已登记王明海户")
    assert drafts(cadre) == []
    cadre.goto(f"/households/new/?year={YEAR}")
    expect(cadre.locator("[name=name]")).to_have_value("")
    expect(cadre.locator(".draft-notice")).to_have_count(0)


def test_an_event_survives_an_ended_session_and_a_lost_network(cadre: Page) -> None:
    household = factories.household(members=2)
    cadre.goto(f"/households/{household.pk}/events/marriage-in/?year={YEAR}")
    cadre.fill("[name=new-name]", "陈秀兰")
    cadre.fill("[name=new-id_no]", number("50019819760302422"))
    cadre.select_option("[name=new-relation]", "07")
    cadre.fill("[name=on]", "20200601")
    cadre.context.set_offline(True)
    cadre.keyboard.press("Control+s")
    expect(cadre.locator("#trouble")).to_contain_text("没有保存成功")
    cadre.context.set_offline(False)
    cadre.context.clear_cookies(name="sessionid")
    cadre.get_by_role("button", name="再试一次").click()
    cadre.locator("#relogin-password").fill(PASSWORD)
    cadre.keyboard.press("Enter")
    expect(cadre.locator(".error-summary, #messages .note")).not_to_have_count(0)
    expect(cadre.locator("[name=new-id_no]")).to_have_value(number("50019819760302422"))  # a daughter of the head's age


def test_a_form_with_photos_is_kept_too(cadre: Page) -> None:
    """A box for several files is no list of choices: reading it as one ended the script, and nothing was kept."""
    household = factories.household(members=2)
    faults: list[str] = []
    cadre.on("pageerror", lambda fault: faults.append(str(fault)))
    cadre.goto(f"/visits/new/{household.pk}/")
    expect(cadre.locator("input[type=file][multiple]")).to_have_count(1)
    cadre.locator("[name=next_step]").fill("老人住院，家里只有孙子。")
    expect(cadre.locator("[data-saved-state]")).to_contain_text("已在本机留底")
    cadre.on("dialog", lambda dialog: dialog.accept())
    cadre.reload()
    expect(cadre.locator("[name=next_step]")).to_have_value("老人住院，家里只有孙子。")
    assert not faults


def test_another_person_s_sign_out_leaves_my_draft(cadre: Page) -> None:
    cadre.evaluate("localStorage.setItem('povreg:draft:0:household:new', JSON.stringify({at: Date.now(), values: {}}))")
    cadre.goto("/me/")
    cadre.evaluate("document.querySelector('form[data-logout]').requestSubmit()")
    cadre.wait_for_url("**/login/**")
    assert drafts(cadre) == ["povreg:draft:0:household:new"]
    assert Household.objects.count() == 0
