"""The parties' pages in a real browser, on a phone."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import FILING, People
from tests.http.conftest import whole_worker as background
from tests.pages.browser import chromium
from tests.processes import (
    Process,
    free_port,
    kill_what_is_left,
    serving_environ,
    wait_until_ready,
)

__all__ = ["background"]

pytestmark = pytest.mark.long

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(
    url: str, tmp_path: Path, people: People, background: Worker, clock: Clock
) -> Iterator[str]:
    """A server on a database with one case that a seller has contested just now."""
    clock.now = datetime.now(UTC)
    received = f"{clock.now - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    order = FILING["order"] | {"received_at": received}
    answer = people.buyer.file(order=order)
    assert answer.status_code == 201, answer.text
    case = answer.json()["id"]
    people.mediator.act(case, "admission", {})
    background.catch_up()
    said = {"position": "contest", "statement": "It left us whole."}
    people.seller.act(case, "seller-response", said)
    background.catch_up()
    port = free_port()
    limits = {"REDRESS_KEYS_URL": url, "REDRESS_UPLOAD_LIMIT": "300000"}
    environ = serving_environ(url, tmp_path, port, **limits)
    Process(environ, "serve", "--with-worker")
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        kill_what_is_left()


def signed_in(page: Any, site: str, role: str, subject: str) -> None:
    page.goto(f"{site}/sign-in")
    form = f"form:has(input[name=role][value={role}])"
    page.fill(f"{form} input[name=subject]", subject)
    page.click(f"{form} button")
    page.wait_for_url(f"{site}/cases")


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def fits(page: Any) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], (page.url, wide)


def filled(page: Any) -> None:
    """Fill in the first three steps."""
    page.fill("#order-id", "o-500")
    page.fill("#seller", "s-1")
    page.fill("#order-paid-amount", "129.00")
    page.fill("#day", page.evaluate("new Date().toISOString().slice(0, 10)"))
    fits(page)
    page.click("button[value=next]")
    page.check("input[name=category][value=quality]")
    page.check("input[name=reason][value=defect]")
    # A text that is too long is said at its field, and nothing of it is cut off.
    page.fill("#facts", "x" * 6_000)
    page.click("button[value=next]")
    assert page.locator(".count.is-over").is_visible()
    assert len(page.input_value("#facts")) == 6_000
    page.fill("#facts", "The handle leaks since the first day.")
    fits(page)
    page.click("button[value=next]")
    page.check('input[name="claim.kind"][value=refund]')
    page.fill("#claim-amount-amount", "129.00")
    page.fill("#contact", "13800000000")
    fits(page)
    page.click("button[value=next]")
    page.fill("#evidence-note", "Two photos.")
    fits(page)


def test_a_buyer_files_with_two_photos_and_a_seller_counter_offers(site: str) -> None:
    with chromium() as browser:
        said: list[str] = []
        buyer = browser.new_page(viewport=PHONE, locale="zh-CN")
        buyer.on("console", lambda message: said.append(message.text))
        signed_in(buyer, site, "buyer", "b-1")
        fits(buyer)
        buyer.click('a[href="/cases/new"]')
        filled(buyer)
        files_with_photos(buyer)
        sends_a_file(buyer)
        seller = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
        seller.on("console", lambda message: said.append(message.text))
        signed_in(seller, site, "seller", "s-1")
        counter_offers(seller)
        # Nothing was refused by the policy, and nothing was missing.
        assert said == []
        loses_no_other_file(buyer, site)


def files_with_photos(page: Any) -> None:
    files = [
        {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photo("red")},
        {"name": "two.jpg", "mimeType": "image/jpeg", "buffer": photo("blue")},
        {"name": "film.avi", "mimeType": "video/x-msvideo", "buffer": b"RIFF"},
        {"name": "none.png", "mimeType": "image/png", "buffer": b""},
    ]
    page.set_input_files("#file-files", files)
    # Said before anything is sent.
    assert page.locator(".up--bad").count() == 2
    assert page.locator(".up").count() == 4
    large = {"name": "x.png", "mimeType": "image/png", "buffer": b"a" * 300_001}
    page.set_input_files("#file-files", [large])
    assert page.locator(".up--bad").count() == 3
    fits(page)
    page.click("main form > button.btn--go")
    page.wait_for_url("**/cases/*?done=filed")
    assert page.locator("#evidence .grid img").count() == 2
    page.locator("#evidence").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    for shown in page.locator("#evidence img").all():
        assert shown.evaluate("(image) => image.naturalWidth") == 320
    fits(page)
    shows_a_sign_for_a_broken_picture(page)


def shows_a_sign_for_a_broken_picture(page: Any) -> None:
    """The sign and the name of the file stand there, and not the browser's own sign."""
    damaged = {"status": 200, "content_type": "image/png", "body": "no picture"}
    page.route("**/evidence/*?width=320", lambda route: route.fulfill(**damaged))
    page.reload()
    page.locator("#evidence").scroll_into_view_if_needed()
    page.wait_for_selector("#evidence [data-no-picture] svg")
    assert page.locator("#evidence img:visible").count() == 0
    assert page.locator("#evidence [data-no-picture]:visible").count() == 2
    # Without script, the words in its place.
    alts = [one.get_attribute("alt") for one in page.locator("#evidence img").all()]
    names = page.locator("#evidence .name").all_inner_texts()
    assert alts == names
    page.unroute("**/evidence/*?width=320")
    page.reload()
    page.locator("#evidence").scroll_into_view_if_needed()
    assert page.locator("#evidence [data-no-picture]:visible").count() == 0


def sends_a_file(page: Any) -> None:
    page.click("#act-messages-files summary")
    form = "#act-messages-files form"
    page.fill(f"{form} textarea", "Here it is.")
    file = {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photo("red")}
    page.set_input_files(f"{form} input[type=file][id$=files]", [file])
    page.click(f"{form} button.btn--go")
    page.wait_for_url("**/cases/*?done=messages-files")
    assert page.locator("#messages .mine").count() == 1


def counter_offers(page: Any) -> None:
    page.click(".cases a")
    page.wait_for_url("**/cases/*-*")
    fits(page)
    form = "form[action$='/act/offers']"
    page.click(f"details:has({form}) summary")
    # An amount goes with a refund, and is not there for a repair.
    page.select_option(f"{form} select[name='terms.kind']", "repair")
    amount = page.locator(f"{form} [name='terms.amount.amount']")
    assert not amount.is_visible()
    page.select_option(f"{form} select[name='terms.kind']", "refund")
    amount.fill("40.00")
    page.fill(f"{form} textarea", "You keep it.")
    page.click(f"{form} button")
    page.wait_for_url("**?done=offers")
    assert "¥40.00" in page.locator(".duo").inner_text()
    fits(page)
    page.goto(page.url.partition("?")[0] + "?lang=en")
    fits(page)


def loses_no_other_file(page: Any, site: str) -> None:
    """Hand in three files, of which the connection breaks off one."""
    page.goto(f"{site}/cases")
    page.click(".cases a")
    page.wait_for_url("**/cases/*-*")
    before = page.locator("#evidence .grid li").count()
    page.click("#act-evidence summary")
    files = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(colour)}
        for n, colour in enumerate(("black", "green", "white"))
    ]
    page.set_input_files("#act-evidence input[type=file][id$=files]", files)
    tried: list[str] = []

    def break_off(route: Any) -> None:
        tried.append(route.request.url)
        if len(tried) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/evidence", break_off)
    page.fill("#act-evidence textarea", "Typed before.")
    page.click("#act-evidence button.btn--go")
    page.wait_for_selector("#act-evidence .up--bad")
    page.wait_for_selector("progress", state="detached")
    assert page.locator("#act-evidence .up--bad").count() == 1
    assert page.input_value("#act-evidence textarea") == "Typed before."
    page.unroute("**/evidence")
    page.wait_for_selector("#act-evidence button.btn--go:enabled")
    page.click("#act-evidence button.btn--go")
    page.wait_for_url("**?done=evidence")
    assert page.locator("#evidence .grid li").count() == before + 3


def test_a_buyer_files_without_script(site: str) -> None:
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False, viewport=PHONE)
        page = context.new_page()
        signed_in(page, site, "buyer", "b-1")
        day = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"
        given = f"order=o-501&seller=s-1&paid=20.00&received={day}"
        page.goto(f"{site}/cases/new?{given}")
        page.click("button[value=next]")
        assert "o-501" in page.content()
        page.check("input[name=category][value=service]")
        page.check("input[name=reason][value=seller-conduct]")
        page.fill("#facts", "He shouted at me on the phone.")
        page.click("button[value=next]")
        page.check('input[name="claim.kind"][value=service-improvement]')
        page.fill("#contact", "13800000000")
        page.click("button[value=next]")
        page.fill("#evidence-note", "A recording of the screen.")
        file = {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photo("red")}
        page.set_input_files("#file-files", [file])
        page.click("main form > button.btn--go")
        page.wait_for_url("**/cases/*?done=filed")
        breaks_off(page, site)


def breaks_off(page: Any, site: str) -> None:
    """Send a form with two files by hand, and hang up within the second one."""
    page.click("#act-evidence summary")
    token = page.input_value("#act-evidence input[name=form_token]")
    session = next(
        one["value"]
        for one in page.context.cookies()
        if one["name"] == "redress-session"
    )
    where = urlsplit(page.url)
    texts = {"form_token": token, "key": "by-hand", "note": "Two."}
    head = 'Content-Disposition: form-data; name="'
    parts = [f'--x\r\n{head}{one}"\r\n\r\n{texts[one]}\r\n' for one in texts]
    body = "".join(parts).encode()
    for name, colour in (("whole.jpg", "black"), ("cut.jpg", "white")):
        kind = "Content-Type: image/jpeg"
        named = f'{head}file"; filename="{name}"\r\n{kind}'
        body += f"--x\r\n{named}\r\n\r\n".encode()
        body += photo(colour) + b"\r\n"
    request = (
        f"POST {where.path}/evidence HTTP/1.1\r\nHost: {where.netloc}\r\n"
        f"Cookie: redress-session={session}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    address = (where.hostname or "", where.port or 0)
    with socket.create_connection(address) as connection:
        connection.sendall(request.encode() + body[:-1_000])
        time.sleep(1)
    names = page.locator("#evidence .name")
    for _ in range(50):
        page.goto(f"{site}{where.path}")
        if names.count() == 2:
            break
        time.sleep(0.1)
    assert names.all_inner_texts() == ["one.jpg", "whole.jpg"]
