"""The page's frame, rendered once; what changes inside it comes as fragments and events."""

from simulators.phone.controls_html import controls, round_button
from simulators.phone.dialogs import dialogs
from simulators.phone.html import Markup, h, join
from simulators.phone.icons import icon
from simulators.phone.people_list import initials

SUGGESTIONS = (
    "Sou eu",
    "quanto eu devo?",
    "manda o pix",
    "parar",
    "número errado",
    "quero falar com uma pessoa",
)


def page(*, business: str, chosen: str) -> Markup:
    """Return the whole document; `chosen` is the phone of the person to be, or empty."""
    head = h(
        "head",
        None,
        h("meta", {"charset": "utf-8"}),
        h("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        h("meta", {"name": "color-scheme", "content": "light dark"}),
        h("title", None, f"Telefone · {business}"),
        h("link", {"rel": "icon", "href": "/static/icon.svg", "type": "image/svg+xml"}),
        h("link", {"rel": "stylesheet", "href": "/static/phone.css"}),
        h("script", {"type": "module", "src": "/static/phone.js"}),
    )
    body = h(
        "body",
        {"data-person": chosen},
        _people(),
        h("main", {"class": "stage"}, _phone(business, held=bool(chosen))),
        controls(),
        dialogs(),
        h("div", {"class": "toast", "role": "status", "aria-live": "polite"}),
    )
    return join(Markup("<!doctype html>"), h("html", {"lang": "pt-BR"}, head, body))


def _people() -> Markup:
    search = h(
        "label",
        {"class": "search"},
        icon("search"),
        h("span", {"class": "hidden"}, "Buscar por nome ou número"),
        h("input", {"type": "search", "id": "search", "placeholder": "Buscar por nome ou número"}),
    )
    new = h("button", {"type": "button", "class": "quiet", "id": "new-person"}, icon("plus"), "Nova pessoa")
    return h(
        "nav",
        {"class": "people", "aria-label": "Ser outra pessoa"},
        h(
            "header",
            None,
            h("div", {"class": "people-title"}, h("h1", None, "Ser outra pessoa"), new),
            h("p", None, "Quem está com o telefone na mão?"),
            search,
        ),
        h("ul", {"id": "people", "class": "people-list"}),
    )


def _phone(business: str, *, held: bool) -> Markup:
    status = h(
        "div",
        {"class": "phone-bar"},
        h("span", {"id": "owner"}, ""),
        h("span", {"id": "bar-time", "aria-label": "Hora do negócio"}, ""),
    )
    return h(
        "section",
        {"class": "phone", "aria-label": "Telefone"},
        status,
        _chat(business, held=held),
        _bank(),
        h(
            "div",
            {"class": "tabs", "role": "tablist", "aria-label": "Aplicativos"},
            _tab("chat", "Conversa", selected=True),
            _tab("bank", "Banco", selected=False),
            h("a", {"href": "/post/", "id": "post-link"}, icon("chat"), "Correio"),
        ),
    )


def _tab(name: str, label: str, *, selected: bool) -> Markup:
    attributes = {
        "type": "button",
        "role": "tab",
        "id": f"tab-{name}",
        "aria-controls": name,
        "aria-selected": "true" if selected else "false",
    }
    return h("button", attributes, icon(name), label)


def _chat(business: str, *, held: bool) -> Markup:
    header = h(
        "header",
        {"class": "chat-head"},
        round_button("back", "Ver pessoas", "round only-small", data_people=True),
        h("span", {"class": "picture business", "aria-hidden": "true"}, initials(business)),
        h(
            "div",
            {"class": "chat-title"},
            h("h2", None, business, Markup(" "), icon("seal", "Conta verificada")),
            h("p", {"id": "presence"}, "Conta comercial"),
        ),
        round_button("menu", "Controles da demonstração", "round only-narrow", data_controls=True),
    )
    composer = h(
        "form",
        {"class": "composer", "id": "composer", "autocomplete": "off"},
        h("div", {"class": "quoting", "id": "quoting", "hidden": True}),
        round_button("plus", "Anexar", "round", id="attach", aria_haspopup="true"),
        round_button("sticker", "Enviar figurinha", "round", id="stickers", aria_haspopup="true"),
        h(
            "textarea",
            {"id": "text", "rows": 1, "placeholder": "Mensagem", "aria-label": "Mensagem", "maxlength": 4096},
        ),
        h(
            "button",
            {"type": "submit", "class": "round send", "id": "send", "aria-label": "Enviar", "hidden": True},
            icon("send"),
        ),
        round_button("mic", "Gravar mensagem de voz", "round send", id="record"),
    )
    recorder = h(
        "div",
        {"class": "recorder", "id": "recorder", "hidden": True},
        round_button("close", "Descartar a gravação", "round", id="record-cancel"),
        h("span", {"class": "recording"}, h("i", None), h("span", {"id": "record-time"}, "0:00")),
        round_button("send", "Enviar a gravação", "round send", id="record-send"),
    )
    nobody = h("li", {"class": "empty"}, "Escolha quem está com este telefone, ou crie uma pessoa.")
    first, *rest = [h("button", {"type": "button", "data-say": text}, text) for text in SUGGESTIONS]
    # Who they are, once the page knows whose phone it is.
    introduction = h("button", {"type": "button", "id": "introduction", "data-say": "", "hidden": True}, "")
    chips = [first, introduction, *rest]
    return h(
        "div",
        {"class": "chat", "id": "chat", "role": "tabpanel", "aria-labelledby": "tab-chat"},
        header,
        h("div", {"class": "notice", "id": "notice", "hidden": True}),
        h(
            "div",
            {"class": "scroll", "id": "scroll", "tabindex": 0},
            h("ol", {"class": "thread", "id": "thread"}, None if held else nobody),
        ),
        h("button", {"type": "button", "class": "newer", "id": "newer", "hidden": True}, "Mensagens novas"),
        h("div", {"class": "chips", "aria-label": "Respostas prontas"}, chips),
        composer,
        recorder,
    )


def _bank() -> Markup:
    code_id = "bank-code"
    return h(
        "div",
        {"class": "bank", "id": "bank", "role": "tabpanel", "aria-labelledby": "tab-bank", "hidden": True},
        h("header", {"class": "bank-head"}, icon("bank"), h("h2", None, "Meu banco")),
        h(
            "form",
            {"id": "bank-form", "class": "bank-form"},
            h("label", {"for": code_id}, "Pix copia e cola"),
            h(
                "textarea",
                {"id": code_id, "rows": 4, "placeholder": "Cole aqui o código Pix", "required": True},
            ),
            h("button", {"type": "submit", "class": "primary"}, "Continuar"),
        ),
        h("div", {"id": "bank-result", "aria-live": "polite"}),
    )
