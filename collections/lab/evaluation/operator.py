"""A person of the team, who logs in and posts the inbox's own forms as the pages show them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx

from lab.evaluation.edges import EdgeError

_USERNAME = "operador"
# What the format calls an act, and the last part of the address its form posts to.
_ACTIONS = {"take_over": "assumir", "reply": "responder", "hand_back": "devolver"}


@dataclass
class Form:
    """A form as it stands on a page, with the values already in it."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


class Operator:
    """One logged-in demo operator. Cookies and tokens are the browser's."""

    def __init__(self, *, web_url: str, logins: Path) -> None:
        self._web_url = web_url
        self._http = httpx.Client(base_url=web_url, timeout=60, trust_env=False, follow_redirects=True)
        self._log_in(logins)

    def close(self) -> None:
        self._http.close()

    def act(self, act: str, text: str = "") -> None:
        """Takes the conversation, replies, or hands it back with the card as the page proposes it.

        Raises EdgeError when the page offers no such form, or when the act was refused with a sentence.
        """
        page = self._get(self._conversation())
        form = next(
            (form for form in page.forms if form.action.split("?")[0].endswith(f"/{_ACTIONS[act]}/")), None
        )
        if form is None:
            raise EdgeError(f"the inbox offers no way to {act} here")
        values = form.values | ({"text": text} if act == "reply" else {})
        # The page's script sends its forms this way, and the answer then says in place what was refused.
        after = self._post(form.action, values, headers={"HX-Request": "true"})
        if after.errors:
            raise EdgeError(f"{act} was refused: {' '.join(after.errors)}")

    def _conversation(self) -> str:
        """The address of the one conversation that the scene has."""
        cards = self._get("/inbox/").cards
        if not cards:
            raise EdgeError("the inbox shows no conversation")
        return cards[0]

    def _log_in(self, logins: Path) -> None:
        entries = json.loads(logins.read_text(encoding="utf-8"))
        password = next(entry["password"] for entry in entries if entry["username"] == _USERNAME)
        page = self._get("/admin/login/?next=/inbox/")
        form = next(form for form in page.forms if "username" in form.values)
        self._post(
            form.action or "/admin/login/", form.values | {"username": _USERNAME, "password": password}
        )
        if not any(cookie.name == "sessionid" for cookie in self._http.cookies.jar):
            raise EdgeError("the demo operator could not log in")

    def _get(self, address: str) -> Page:
        return self._read(self._http.get(address))

    def _post(self, address: str, values: dict[str, str], *, headers: dict[str, str] | None = None) -> Page:
        sent = {"Referer": f"{self._web_url}/"} | (headers or {})
        return self._read(self._http.post(address, data=values, headers=sent))

    def _read(self, response: httpx.Response) -> Page:
        if not response.is_success:
            raise EdgeError(f"{response.request.url.path} answered {response.status_code}")
        page = Page()
        page.feed(response.text)
        return page


class Page(HTMLParser):
    """What a person could use on a page: its forms, the cards of the list, the sentences of refusals."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.cards: list[str] = []
        self.errors: list[str] = []
        self._area = ""
        self._in_error = False
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        self._in_error = self._in_error or "ib-error" in classes
        if tag == "a" and "ib-card" in classes:
            self.cards.append(given["href"])
        elif tag == "form":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and tag in {"input", "textarea"} and given.get("name"):
            self._open.values[given["name"]] = given.get("value", "")
            self._area = given["name"] if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "p":
            self._in_error = False

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.values[self._area] += data
        elif self._in_error and data.strip():
            self.errors.append(data.strip())
