"""Who asked, who collects, from whom; addresses, consents, refusals."""

from __future__ import annotations

from members.enums import Blocked, Channel, ContactPointState, MarkKind
from office.dossier.chapters.words import Words
from office.dossier.collecting import Dossier, key_url
from office.dossier.enums import Mode
from office.dossier.paper import Paper


def write(paper: Paper, dossier: Dossier, words: Words) -> None:
    _cover(paper, dossier, words)
    _member(paper, dossier, words)
    _addresses(paper, dossier, words)


def _cover(paper: Paper, dossier: Dossier, words: Words) -> None:
    asked, own = dossier.sections["export"][0], dossier.sections["creditor"][0]
    paper.cover("Dossiê de contato e cobrança")
    paper.pair("Número", dossier.id)
    paper.pair("Pedido por", asked["requested_by_name"] or words.actor(asked["requested_by"]))
    paper.pair("Quando", words.instant(asked["requested_at"]))
    paper.pair("Motivo", asked["reason"])
    paper.pair("O que mostra", words.label(Mode, asked["mode"]))
    paper.small(f"As horas são as do lugar do membro ({words.zone}).")
    paper.heading("Credor")
    paper.pair("Nome", f"{own['trade_name']} ({own['legal_name']})")
    paper.pair("CNPJ", own["cnpj"])
    paper.pair("Endereço", words.joined(own["address"], own["city"], own["state"]))
    paper.pair("Contato de privacidade", own["privacy_contact"])
    paper.heading("Como conferir este dossiê")
    paper.text(
        "O arquivo JSON que acompanha este PDF é o documento original; o PDF diz o mesmo em português. O número no pé "
        "de cada página é a impressão digital (SHA-256) do manifesto, que contém a de cada seção e é assinado. O "
        "programa verify_dossier.py confere tudo sem acesso ao sistema e aponta qualquer byte alterado."
    )
    paper.pair("Chave pública do credor", key_url())


def _member(paper: Paper, dossier: Dossier, words: Words) -> None:
    person = dossier.sections["member"][0]
    paper.heading("Membro")
    paper.pair("Nome", person["name"])
    paper.pair("CPF/CNPJ", person["document"])
    paper.pair("Código no sistema", person["code"] or "")
    paper.pair("Nascimento", words.day(person["birth_date"]))
    paper.pair("Lugar", words.joined(person["city"], person["state"]))
    paper.pair("Plano", person["product"])
    paper.pair("Bloqueio", words.label(Blocked, person["blocked"]) if person["blocked"] else "")


def _addresses(paper: Paper, dossier: Dossier, words: Words) -> None:
    sections = dossier.sections
    paper.heading("Contatos, consentimentos e recusas")
    for point in sections["contact_points"]:
        paper.text(
            words.joined(
                words.label(Channel, point["channel"]),
                point["address"],
                words.label(ContactPointState, point["state"]),
                f"confirmado em {words.instant(point['confirmed_at'])}" if point["confirmed_at"] else "",
                f"contato nº {point['id']}",
            )
        )
    for consent in sections["consents"]:
        paper.entry(
            f"Consentimento para {words.label(Channel, consent['channel'])} em {words.instant(consent['granted_at'])}"
        )
        paper.pair("Como foi obtido", consent["source"])
        paper.pair("Texto aceito", consent["text_version"])
        paper.pair("Prova", consent["evidence"])
        paper.pair("Registrado por", words.actor(consent["registered_by"]))
        paper.pair("Retirado em", words.instant(consent["withdrawn_at"]))
    for mark in sections["suppressions"]:
        channel = words.label(Channel, mark["channel"]) if mark["channel"] else "todos os canais"
        paper.entry(f"{words.label(MarkKind, mark['kind'])} ({channel}) desde {words.instant(mark['at'])}")
        paper.pair("Como", mark["source"])
        paper.pair("Palavras", mark["words"] or "")
        paper.pair("Prova", mark["evidence"] or "")
        paper.pair("Registrado por", words.actor(mark["registered_by"]))
        paper.pair("Levantado em", words.joined(words.instant(mark["lifted_at"]), mark["lifted_reason"]))
    if not sections["consents"]:
        paper.text("Nenhum consentimento registrado.")
    if not sections["suppressions"]:
        paper.text("Nenhum pedido para não receber mensagens e nenhum engano de número.")
