"""The tools of a walk through the whole product: its pages, its phone, and its database to wait on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
from playwright.sync_api import Page, expect

from config.runtime.stack import Stack

# Business pages wait for workers; a loaded machine needs its time.
PATIENCE = 60_000
DATA = Path(__file__).parents[2] / "collections" / "lab" / "data"


class Walk:
    """The tools of the walk: pages by address, rows by SQL (for waiting and choosing, never for changing)."""

    def __init__(self, stack: Stack, office: Page, phone: Page) -> None:
        self.stack = stack
        self.office = office
        self.phone = phone
        self.web = f"http://127.0.0.1:{stack.port}"
        self.simulators = f"http://127.0.0.1:{stack.sim_port}"

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.stack.environment["DATABASE_URL"]) as connection:
            return connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> Any:
        found = self.rows(sql, *values)
        return found[0][0] if found else None

    def until(self, question: Callable[[], Any], *, seconds: float = 60.0, what: str = "") -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := question():
                return answer
            time.sleep(0.1)
        raise AssertionError(f"never came: {what}")

    def move_clock(self, **wish: str) -> None:
        """What the buttons of the phone page ask for."""
        httpx.post(
            f"{self.web}/lab/clock",
            json=wish,
            headers={"X-Lab-Token": self.stack.environment["LAB_TOKEN"]},
            timeout=600,
        ).raise_for_status()

    def become(self, address: str) -> None:
        self.phone.goto(f"{self.simulators}/?p={address.lstrip('+')}")
        expect(self.phone.locator(".message").first).to_be_visible()

    def say(self, text: str) -> None:
        """Writes and waits for what comes back."""
        before = self.phone.locator(".message:not(.mine):not(.typing)").count()
        self.phone.get_by_label("Mensagem", exact=True).fill(text)
        self.phone.keyboard.press("Enter")
        self.answered(before)

    def tap(self, title: str) -> None:
        before = self.phone.locator(".message:not(.mine):not(.typing)").count()
        self.phone.locator(f"[data-tap='{title}']").last.click()
        self.answered(before)

    def somebody_writes(self, address: str, text: str) -> None:
        """As another phone than the one on the page."""
        url = f"{self.simulators}/chat/{address.lstrip('+')}/text"
        httpx.post(url, json={"text": text}, timeout=30).raise_for_status()

    def answered(self, before: int) -> None:
        expect(self.phone.locator(".message:not(.mine):not(.typing)").nth(before)).to_be_visible(
            timeout=PATIENCE
        )

    def chat(self) -> str:
        return (
            self.phone.locator(".message:not(.typing)").all_inner_texts()[-1]
            + "\n"
            + "\n".join(self.phone.locator(".message:not(.typing)").all_inner_texts())
        )

    def secrets_of(self, member_id: int) -> tuple[str, str, str]:
        """First name, last digits of the document and telephone, which the database holds encrypted."""
        asked = (
            "from members.models import Member, ContactPoint; "
            f"m = Member.objects.get(pk={member_id}); "
            "print(m.first_name, m.document[-3:], "
            "ContactPoint.objects.get(member=m, channel='whatsapp').address)"
        )
        answer = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", asked],
            env=os.environ | self.stack.environment,
            capture_output=True,
            text=True,
            check=True,
            cwd=DATA.parents[2],
        )
        name, digits, address = answer.stdout.split()[-3:]
        return name, digits, address
