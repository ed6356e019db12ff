"""Pictures of every page: ``python -m bench.shots OUT [--address URL] [--roles cun,xian] [--widths 1366,911,360]``.

Signs in as each demonstration account of a running product (``make run``) and follows the links of its pages, one page
of each address and kind. A picture is named ``ROLE-PATH-WIDTH.png``. What overflows sideways is printed: nothing may.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error as BrowserError, Page, Response, sync_playwright

ROLES = ("xian", "cun", "zhen", "lingdao", "bumen", "bangfu", "shenji", "guanli")
WIDTHS = (1366, 911, 360)
HEIGHTS = {1366: 768, 911: 512, 360: 780}
STARTS = ("/", "/password/", "/households/saved/", "/flips/", "/me/")
NO_PAGE = ("ERR_ABORTED", "Download is starting", "ERR_HTTP_RESPONSE_CODE_FAILURE")
NEVER = ("/logout", "/api/", "/static/", "/messages/read/", "/procedures/export/", "/people/export/")
OF_A_KIND = {"/reports/*": 3, "/dashboard/N/": 3, "/places/N/": 3}
"""How many pages of one shape are photographed where one is not enough (levels of places, kinds of reports)."""


def main() -> None:
    options = arguments()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    widths = [int(width) for width in options.widths.split(",")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        public_pages(browser, options.address, out, widths)
        for role in options.roles.split(","):
            role_pages(browser, options, role, out, widths)
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.shots", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--address", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", ""))
    parser.add_argument("--roles", default=",".join(ROLES))
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    return parser.parse_args()


def public_pages(browser: Browser, address: str, out: Path, widths: list[int]) -> None:
    page = browser.new_page(base_url=address, locale="zh-CN")
    for path in ("/login/", "/gongshi/"):
        page.goto(path)
        photograph(page, out, "anonymous", path, widths)
    page.close()


def role_pages(browser: Browser, options: argparse.Namespace, role: str, out: Path, widths: list[int]) -> None:
    """Breadth first from the start page: one picture of each shape of address."""
    page = browser.new_page(base_url=options.address, locale="zh-CN")
    sign_in(page, role, options.password)
    waiting, met = deque(STARTS), dict.fromkeys(map(shape, STARTS), 1)
    taken = 0
    while waiting:
        path = waiting.popleft()
        if not is_page(opened(page, path)):
            continue
        taken += 1
        photograph(page, out, role, path, widths)
        for found in links(page):
            kind = shape(found)
            if met.get(kind, 0) < OF_A_KIND.get(kind, 1):
                met[kind] = met.get(kind, 0) + 1
                waiting.append(found)
    print(f"{role}: {taken} pages", flush=True)
    page.close()


def sign_in(page: Page, role: str, password: str) -> None:
    page.goto("/login/")
    page.fill("[name=username]", role)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def opened(page: Page, path: str) -> Response | None:
    """The answer, or nothing where the browser shows none: a file to keep, or a refusal without a word."""
    try:
        return page.goto(path)
    except BrowserError as fault:
        if any(known in fault.message for known in NO_PAGE):
            return None
        raise


def is_page(answer: Response | None) -> bool:
    return answer is not None and answer.ok and "text/html" in answer.headers.get("content-type", "")


def links(page: Page) -> list[str]:
    """Addresses in this house that the page leads to."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(each => each.href)")
    origin = urlsplit(page.url).netloc
    parts = [urlsplit(each) for each in found]
    inside = [each for each in parts if each.netloc == origin and not each.path.startswith(NEVER)]
    return [f"{each.path}?{each.query}" if each.query else each.path for each in inside]


def shape(path: str) -> str:
    """What pages of one kind share: the path without numbers; every report is one kind."""
    bare = re.sub(r"/[0-9a-f]{8}-[0-9a-f-]{27}/", "/N/", urlsplit(path).path)
    bare = re.sub(r"/\d+(?=/|$)", "/N", bare)
    return "/reports/*" if re.fullmatch(r"/reports/[\w-]+/", bare) else bare


def photograph(page: Page, out: Path, role: str, path: str, widths: list[int]) -> None:
    name = re.sub(r"[^\w-]+", "_", urlsplit(path).path.strip("/")) or "start"
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 768)})
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(150)  # charts follow the width a moment later
        page.screenshot(path=out / f"{role}-{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            print(f"{role} {path} at {width}: {wide} wide", flush=True)
    page.set_viewport_size({"width": 1366, "height": 768})


if __name__ == "__main__":
    main()
