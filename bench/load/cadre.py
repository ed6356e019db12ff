"""One village cadre at work: signs in, looks at the workbench and the list, searches, opens households, saves sections.

Pages are asked for as a browser asks: cookies, the form's own fields with its CSRF token and version, redirects
followed and counted as requests of their own. Files of the page are not asked for: a browser keeps them for a year.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html

FRAGMENT = {"HX-Request": "true"}
TIMEOUT = 60  # seconds
KEEP = 60  # households a cadre remembers from the list
CHANGES = {  # section: field, and what is typed into it
    "income": ("tr_other", lambda rng: str(rng.randrange(200, 400))),
    "living": ("main_road_km", lambda rng: f"{rng.randrange(1, 40) / 10}"),
    "basic": ("door_no", lambda rng: f"{rng.randrange(1, 200)}号"),
}


@dataclass(frozen=True)
class Account:
    username: str
    password: str


class Cadre(threading.Thread):
    """Works until stopped: one thing after the other, with time to think in between."""

    def __init__(self, address: str, account: Account, recorder: Any, think: float, seed: int) -> None:
        super().__init__(daemon=True, name=account.username)
        self.address, self.account, self.recorder, self.think = address, account, recorder, think
        self.rng = Random(seed)
        self.done = threading.Event()
        self.session = requests.Session()
        self.households: list[str] = []
        self.names: list[str] = []
        self.day = (
            (self.workbench, 10),
            (self.look_at_list, 15),
            (self.filter_list, 10),
            (self.search, 15),
            (self.open_household, 20),
            (self.save_section, 29.6),
            (self.sign_in_again, 0.4),
        )

    def stop(self) -> None:
        self.done.set()

    def run(self) -> None:
        self.sign_in()
        self.look_at_list()
        things, weights = zip(*self.day, strict=True)
        while not self.pause():
            self.rng.choices(things, weights)[0]()

    def pause(self) -> bool:
        """Think; whether it is time to stop. The connection is given back, as the server would close it meanwhile."""
        self.session.close()
        return self.done.wait(self.rng.uniform(0.5, 1.5) * self.think)

    # -- what a cadre does ----------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        page = self.get("sign-in page", "/login/")
        typed = {"username": self.account.username, "password": self.account.password}
        self.submit("sign in", page, "/login/", typed, "workbench")

    def sign_in_again(self) -> None:
        self.session.cookies.clear()
        self.sign_in()

    def workbench(self) -> None:
        self.get("workbench", "/")
        self.get("workbench checks", "/workbench/checks/", FRAGMENT)

    def look_at_list(self) -> None:
        page = self.get("list", "/households/")
        if page is not None:
            tree = html.fromstring(page.content)
            links = tree.xpath("//section[@id='household-list']//tbody//th//a")
            self.households = [urlsplit(link.get("href")).path for link in links][:KEEP] or self.households
            self.names = [link.text_content().strip() for link in links][:KEEP] or self.names

    def filter_list(self) -> None:
        asked = self.rng.choice(("verdict=fail", "gap=living", "borderline=1", "cause=01", "failed=housing"))
        self.get("list, filtered", f"/households/?{asked}")

    def search(self) -> None:
        if self.names:
            page = self.get("list", "/households/")
            self.submit("search", page, "/households/find/", {"search": self.rng.choice(self.names)}, "search result")

    def open_household(self) -> None:
        if self.households:
            self.get("household", self.rng.choice(self.households))

    def save_section(self) -> None:
        if not self.households:
            return
        section = self.rng.choice(list(CHANGES))
        address = f"{self.rng.choice(self.households)}{section}/"
        page = self.get("section", address)
        if self.pause():
            return
        field, typed = CHANGES[section]
        self.submit("save a section", page, address, {field: typed(self.rng)}, "section")

    # -- how he asks ----------------------------------------------------------------------------------------------

    def get(self, kind: str, path: str, headers: dict[str, str] | None = None) -> requests.Response | None:
        return self.ask(kind, "GET", path, headers=headers, wanted=200)

    def submit(
        self, kind: str, page: requests.Response | None, path: str, typed: dict[str, str], after: str
    ) -> requests.Response | None:
        """Fill in the form of ``page`` that goes to ``path`` and send it; saved means sent on to another page."""
        form = form_of(page, path)
        if form is None:
            return None
        action, fields = form
        answer = self.ask(kind, "POST", action, data=fields | typed, headers={"Referer": page.url}, wanted=302)
        if answer is None:
            return None
        return self.get(after, urljoin(path, answer.headers["Location"]))

    def ask(self, kind: str, method: str, path: str, *, wanted: int, **more: Any) -> requests.Response | None:
        """The answer, or None where it is not what it should be: that is noted as a fault."""
        started = time.perf_counter()
        answer, fault = None, ""
        try:
            answer = self.session.request(
                method, urljoin(self.address, path), timeout=TIMEOUT, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            fault = type(error).__name__
        if answer is not None:
            fault = fault_of(answer, wanted)
        self.recorder.note(kind, started, fault)
        return None if fault else answer


def fault_of(answer: requests.Response, wanted: int) -> str:
    """Why an answer is not what it should be: another status, sent to the login, a form shown again with faults."""
    if answer.is_redirect and urlsplit(answer.headers["Location"]).path == "/login/":
        return "sent to the login"
    if answer.status_code == wanted:
        return ""
    return f"status {answer.status_code} instead of {wanted}{refusal_of(answer)}"


def refusal_of(answer: requests.Response) -> str:
    """What a form that is shown again asks for."""
    found = html.fromstring(answer.content).xpath(
        "//*[contains(@class, 'error-summary')]//li | //*[@class='field-warning' or contains(@class, 'conflict')]"
    )
    return f" ({' '.join(found[0].text_content().split())})" if found else ""


def form_of(page: requests.Response | None, path: str) -> tuple[str, dict[str, str]] | None:
    """Address and fields of the form that goes to ``path`` (an empty action: the page itself)."""
    if page is None:
        return None
    for form in html.fromstring(page.content).forms:
        action = form.get("action") or urlsplit(page.url).path
        if form.method == "POST" and urlsplit(action).path == path:
            return action, dict(fields_of(form))
    return None


def fields_of(form: html.FormElement) -> Iterator[tuple[str, str]]:
    """What a browser would send of a form nobody has touched."""
    for box in form.xpath(".//input[@name and not(@disabled)]"):
        kind = box.get("type", "text")
        ticked = kind not in ("radio", "checkbox") or "checked" in box.attrib
        if ticked and kind not in ("submit", "button", "file", "image", "reset"):
            yield box.get("name"), box.get("value", "on" if kind in ("radio", "checkbox") else "")
    for box in form.xpath(".//textarea[@name] | .//select[@name and not(@multiple)]"):
        yield box.name, box.value or ""
