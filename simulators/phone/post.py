"""Letters and SMS of one person, and of whoever got any: plain pages, read and answered without any script."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.email.post_office import NoSuchMailError, PostOffice
from simulators.phone.dates import day_text, local, time_text
from simulators.phone.html import Markup, h, join
from simulators.phone.people_list import spelled
from simulators.phone.words import rich
from simulators.sms.carrier import Carrier, digits
from simulators.whatsapp.network import WhatsApp

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def post_routes(network: WhatsApp, post_office: PostOffice, carrier: Carrier) -> list[BaseRoute]:
    """Return the pages and what their forms do."""

    def name_of(phone: str) -> str:
        person = network.people.find(phone)
        return person.name if person is not None else spelled(phone)

    async def everybody(_request: Request) -> Response:
        known = {post_office.address_of(person.phone): person.phone for person in network.people}
        phones = {*carrier.numbers(), *(known[a] for a in post_office.addresses() if a in known)}
        strangers = [address for address in post_office.addresses() if address not in known]
        links = [(f"/post/{phone}", name_of(phone)) for phone in sorted(phones, key=name_of)]
        links += [(f"/post/{quote(address, safe='@')}", address) for address in strangers]
        return _page("SMS e e-mail", _people(links))

    async def of_one(request: Request) -> Response:
        who = request.path_params["who"]
        address, phone = (who, "") if "@" in who else (post_office.address_of(digits(who)), digits(who))
        now = network.context.clock.now()
        parts = [_sms(carrier.chat(phone), phone=phone, now=now)] if phone else []
        if address:
            parts.append(_mails(post_office.mails(address), address=address, who=who, now=now))
        return _page(name_of(phone) if phone else address, *parts)

    async def say(request: Request) -> Response:
        form = await _form(request)
        phone, chat = digits(form["who"]), carrier.chat(form["who"])
        ours = [message["from"] for message in chat if not message["mine"]]
        if form["text"].strip() and ours:
            carrier.say(phone=phone, to=ours[-1], text=form["text"].strip())
        return RedirectResponse(f"/post/{phone}", status_code=303)

    async def answer(request: Request) -> Response:
        form = await _form(request)
        if form["text"].strip():
            try:
                post_office.reply(form["address"], form["mail"], form["text"].strip())
            except NoSuchMailError:
                return PlainTextResponse("Este e-mail não existe mais.", status_code=404)
        return RedirectResponse(f"/post/{quote(form['who'], safe='@')}", status_code=303)

    async def into_chat(request: Request) -> Response:
        """Where a link into WhatsApp leads: here, to the phone."""
        del request
        return RedirectResponse("/", status_code=302)

    return [
        Route("/post/", everybody, methods=["GET"]),
        Route("/post/sms", _own(say), methods=["POST"]),
        Route("/post/email", _own(answer), methods=["POST"]),
        Route("/post/{who}", of_one, methods=["GET"]),
        Route("/wa.me/{number}", into_chat, methods=["GET"]),
    ]


def _own(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Only this page may post here, not a foreign one that the same browser shows."""

    async def endpoint(request: Request) -> Response:
        site = request.headers.get("sec-fetch-site", "same-origin")
        if site not in {"same-origin", "none"}:
            return PlainTextResponse("Pedido de outro endereço.", status_code=403)
        response: Response = await handler(request)
        return response

    return endpoint


async def _form(request: Request) -> dict[str, str]:
    async with request.form() as given:
        found = {name: str(value) for name, value in given.items()}
    return {name: found.get(name, "") for name in ("who", "address", "mail", "text")}


def _page(title: str, *parts: Markup) -> Response:
    head = h(
        "head",
        None,
        h("meta", {"charset": "utf-8"}),
        h("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        h("meta", {"name": "color-scheme", "content": "light dark"}),
        h("title", None, title),
        h("link", {"rel": "icon", "href": "/static/icon.svg", "type": "image/svg+xml"}),
        h("link", {"rel": "stylesheet", "href": "/static/post.css"}),
    )
    ways = h(
        "nav",
        None,
        h("a", {"href": "/"}, "Telefone"),
        h("a", {"href": "/post/"}, "Todas as caixas"),
    )
    body = h("body", None, ways, h("main", None, h("h1", None, title), *parts))
    page = join(Markup("<!doctype html>"), h("html", {"lang": "pt-BR"}, head, body))
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})


def _people(links: list[tuple[str, str]]) -> Markup:
    if not links:
        return h("p", {"class": "empty"}, "Ninguém recebeu SMS nem e-mail ainda.")
    return h("ul", {"class": "boxes"}, [h("li", None, h("a", {"href": to}, name)) for to, name in links])


def _sms(chat: list[dict[str, Any]], *, phone: str, now: datetime) -> Markup:
    if not chat:
        return h("section", None, h("h2", None, "SMS"), h("p", {"class": "empty"}, "Nenhum SMS ainda."))
    lines = [
        h(
            "li",
            {"class": "mine" if message["mine"] else "theirs"},
            h("p", None, rich(message["body"])),
            _moment(message["at"], now),
        )
        for message in chat
    ]
    fields = h("input", {"type": "hidden", "name": "who", "value": phone})
    return h(
        "section",
        None,
        h("h2", None, "SMS"),
        h("ol", {"class": "sms"}, lines),
        _answer("/post/sms", f"sms-{phone}", "Responder por SMS", fields),
    )


def _mails(mails: list[dict[str, Any]], *, address: str, who: str, now: datetime) -> Markup:
    title = h("h2", None, "E-mail")
    if not mails:
        return h("section", None, title, h("p", {"class": "empty"}, "Nenhum e-mail ainda."))
    letters = []
    for mail in reversed(mails):
        fields = join(
            h("input", {"type": "hidden", "name": "who", "value": who}),
            h("input", {"type": "hidden", "name": "address", "value": address}),
            h("input", {"type": "hidden", "name": "mail", "value": mail["id"]}),
        )
        letters.append(
            h(
                "article",
                None,
                h("h3", None, mail["subject"]),
                h("p", {"class": "from"}, mail["from"], Markup(" · "), _moment(mail["at"], now)),
                h("div", {"class": "letter"}, rich(mail["text"].strip())),
                _answer("/post/email", f"mail-{mail['id']}", "Responder por e-mail", fields),
            )
        )
    return h("section", None, title, letters)


def _answer(to: str, field: str, label: str, hidden: Markup) -> Markup:
    return h(
        "form",
        {"method": "post", "action": to},
        hidden,
        h("label", {"for": field}, label),
        h("textarea", {"id": field, "name": "text", "rows": 2, "required": True}),
        h("button", {"type": "submit"}, "Enviar"),
    )


def _moment(at: str, now: datetime) -> Markup:
    day = day_text(local(at).date(), local(now).date())
    return h("time", {"datetime": at}, f"{day}, {time_text(at)}")
