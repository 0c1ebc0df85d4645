"""The page's sheets: lists, attachments, stickers, what to do with a message, a new person."""

from simulators.phone.controls_html import round_button
from simulators.phone.html import Markup, h, join
from simulators.phone.icons import icon

REACTIONS = ("👍", "❤️", "😂", "😮", "😢", "🙏")
STICKERS = ("👍", "🙏", "😂", "😅", "🥳", "😴", "🤔", "💪", "❤️", "👋", "✅", "🤝")


def dialogs() -> Markup:
    """Return every sheet of the page, closed."""
    attach = [
        _choice("image", "Foto", "image/jpeg,image/png", "image"),
        _choice("document", "Documento PDF", "application/pdf", "file"),
        _choice("audio", "Áudio", "audio/*", "audio"),
    ]
    stickers = [h("button", {"type": "button", "data-sticker": emoji}, emoji) for emoji in STICKERS]
    reactions = [
        h("button", {"type": "button", "data-react": emoji, "aria-label": f"Reagir com {emoji}"}, emoji)
        for emoji in REACTIONS
    ]
    actions = [
        h("button", {"type": "button", "class": "row", "data-do": "reply"}, icon("reply"), "Responder"),
        h("button", {"type": "button", "class": "row", "data-do": "copy"}, icon("copy"), "Copiar o texto"),
    ]
    return join(
        h(
            "dialog",
            {"class": "sheet", "id": "sheet"},
            _sheet_head("sheet-title"),
            h("div", {"id": "sheet-body"}),
        ),
        h(
            "dialog",
            {"class": "viewer", "id": "viewer", "aria-label": "Foto"},
            round_button("close", "Fechar", "round", data_close=True),
            h("img", {"alt": "Foto em tamanho grande"}),
        ),
        h(
            "dialog",
            {"class": "sheet", "id": "attach-sheet"},
            _sheet_head("", "Anexar"),
            h("div", {"class": "tiles"}, attach, _location()),
        ),
        h(
            "dialog",
            {"class": "sheet", "id": "sticker-sheet"},
            _sheet_head("", "Figurinhas"),
            h("div", {"class": "sticker-grid"}, stickers),
        ),
        h(
            "dialog",
            {"class": "sheet", "id": "action-sheet"},
            _sheet_head("", "Mensagem"),
            h("div", {"class": "reactions"}, reactions),
            h("div", None, actions),
        ),
        _file_dialog(),
        _person_dialog(),
    )


def _sheet_head(identifier: str, title: str = "") -> Markup:
    heading = h("h3", {"id": identifier or None}, title)
    return h(
        "header", {"class": "sheet-head"}, heading, round_button("close", "Fechar", "round", data_close=True)
    )


def _choice(kind: str, label: str, accept: str, drawing: str) -> Markup:
    attributes = {"type": "file", "accept": accept, "data-kind": kind, "class": "hidden"}
    return h("label", {"class": "tile"}, icon(drawing), label, h("input", attributes))


def _location() -> Markup:
    return h("button", {"type": "button", "class": "tile", "id": "send-location"}, icon("pin"), "Localização")


def _file_dialog() -> Markup:
    return h(
        "dialog",
        {"class": "sheet", "id": "file-sheet"},
        _sheet_head("", "Enviar arquivo"),
        h(
            "form",
            {"id": "file-form", "method": "dialog"},
            h("div", {"id": "file-preview", "class": "file-preview"}),
            h(
                "label",
                {"class": "field", "id": "caption-field"},
                "Legenda",
                h("input", {"id": "caption", "maxlength": 1024}),
            ),
            h(
                "label",
                {"class": "field"},
                h("span", {"id": "meaning-label"}, ""),
                h("textarea", {"id": "meaning", "rows": 2}),
                h(
                    "small",
                    None,
                    "Só para a demonstração: é o que o leitor automático encontrará no arquivo.",
                ),
            ),
            h("button", {"type": "submit", "class": "primary", "value": "send"}, "Enviar"),
        ),
    )


def _person_dialog() -> Markup:
    return h(
        "dialog",
        {"class": "sheet", "id": "person-sheet"},
        _sheet_head("", "Nova pessoa"),
        h(
            "form",
            {"id": "person-form"},
            h(
                "label",
                {"class": "field"},
                "Nome",
                h("input", {"id": "person-name", "required": True, "maxlength": 80}),
            ),
            h(
                "label",
                {"class": "field"},
                "Número com DDD",
                h(
                    "input",
                    {
                        "id": "person-phone",
                        "type": "tel",
                        "required": True,
                        "placeholder": "+55 11 91234-5678",
                    },
                ),
            ),
            h("p", {"class": "error", "id": "person-error", "role": "alert", "hidden": True}),
            h("button", {"type": "submit", "class": "primary"}, "Usar este telefone"),
        ),
    )
