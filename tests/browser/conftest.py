"""A whole Em Dia as `make run` starts it, and a Chromium to walk through it."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.runtime.processes import PARTS
from config.runtime.stack import Stack
from tests.browser.walk import PATIENCE, Walk
from tests.chromium import CHROMIUM

DESK = {"width": 1440, "height": 900}
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """Every process, the demo book with a handful of members, nothing patched."""
    with Stack(parts=PARTS, demo=True, seed=True, fast=True, overrides={"DEMO_MEMBERS": "60"}) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """Errors of scripts and of the content policy; a test that collects any fails."""
    return []


@pytest.fixture
def office(browser: Browser, stack: Stack, problems: list[str]) -> Iterator[Page]:
    """The administrator, logged in."""
    page = new_page(browser, problems)
    logins = json.loads((stack.data_dir / "demo-logins.json").read_text())
    password = next(entry["password"] for entry in logins if entry["username"] == "admin")
    page.goto(f"http://127.0.0.1:{stack.port}/admin/")
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")
    yield page
    page.context.close()
    assert problems == []


@pytest.fixture
def phone(browser: Browser, problems: list[str]) -> Iterator[Page]:
    """Somebody's telephone, not opened yet."""
    page = new_page(browser, problems)
    yield page
    page.context.close()


@pytest.fixture
def walk(stack: Stack, office: Page, phone: Page) -> Walk:
    return Walk(stack, office, phone)


def new_page(browser: Browser, problems: list[str]) -> Page:
    page = browser.new_context(viewport=DESK, locale="pt-BR").new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if "Content Security" in message.text else None,
    )
    return page
