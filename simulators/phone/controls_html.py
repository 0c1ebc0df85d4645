"""The controls of the demonstration: business clock, this device, the network."""

from simulators.phone.html import Markup, h
from simulators.phone.icons import icon


def round_button(name: str, label: str, classes: str = "round", **data: object) -> Markup:
    """Return a round button that shows only a drawing and says its label."""
    attributes = {"type": "button", "class": classes, "aria-label": label, "title": label}
    return h("button", attributes | {key.replace("_", "-"): value for key, value in data.items()}, icon(name))


def controls() -> Markup:
    """Return the panel."""
    clock = h(
        "section",
        None,
        h("h3", None, "Relógio do negócio"),
        h("p", {"class": "big-clock", "id": "clock"}, "—"),
        h("p", {"class": "hint", "id": "clock-note"}, ""),
        h(
            "div",
            {"class": "button-row"},
            h("button", {"type": "button", "data-clock": "advance", "data-value": "1h"}, "+1 hora"),
            h("button", {"type": "button", "data-clock": "advance", "data-value": "1d"}, "+1 dia"),
            h(
                "button",
                {"type": "button", "data-clock": "jump", "data-value": "next_window"},
                "Próxima janela permitida",
            ),
        ),
        h(
            "div",
            {"id": "clock-progress", "class": "progress", "hidden": True},
            h("progress", {"max": 100, "aria-label": "Andamento do relógio"}),
            h("span", None, ""),
        ),
        h("p", {"class": "error", "id": "clock-error", "role": "alert", "hidden": True}),
    )
    device = h(
        "section",
        None,
        h("h3", None, "Este aparelho"),
        _switch("online", "Ligado e com internet", "Desligado, nada chega e nada sai."),
        _switch("read_receipts", "Confirmação de leitura", "Sem ela, a empresa nunca vê que foi lida."),
        _switch("blocked", "Bloquear a empresa", "As mensagens dela deixam de ser entregues."),
        _switch("marketing_stopped", "Não quero ofertas", "Avisa a empresa para parar com promoções."),
    )
    town = h(
        "section",
        None,
        h("h3", None, "As outras pessoas"),
        _switch(
            "alive", "Respondem e pagam sozinhas", "Menos quem está com o telefone na mão.", scope="fault"
        ),
    )
    network = h(
        "section",
        None,
        h("h3", None, "Rede"),
        _switch(
            "fail_next", "Falhar o próximo envio", "A próxima mensagem da empresa é recusada.", scope="fault"
        ),
        _switch("slow", "Rede lenta", "Cada envio e cada aviso demora 3 segundos.", scope="fault"),
        h("p", {"class": "hint", "id": "waiting"}, ""),
        h("button", {"type": "button", "class": "quiet", "id": "retry", "hidden": True}, "Entregar agora"),
    )
    return h(
        "aside",
        {"class": "controls", "id": "controls", "aria-label": "Controles da demonstração"},
        h(
            "header",
            None,
            h("h2", None, "Controles da demonstração"),
            round_button("close", "Fechar os controles", "round only-narrow", data_close_controls=True),
        ),
        clock,
        device,
        town,
        network,
    )


def _switch(name: str, label: str, hint: str, scope: str = "person") -> Markup:
    return h(
        "label",
        {"class": "switch"},
        h("span", None, label, h("small", None, hint)),
        h("input", {"type": "checkbox", "role": "switch", f"data-{scope}": name}),
    )
