"""Every message with its way, every decision with its rules, every step of the régua."""

from __future__ import annotations

from typing import Any

from cadence.enums import StepOutcome
from compliance import wording
from compliance.enums import ContactKind, LedgerOutcome
from conversations.enums import MessageKind, MessageState, RunStatus
from members.enums import Channel
from office.dossier.chapters.words import Words
from office.dossier.collecting import Dossier
from office.dossier.paper import Paper

_WAY = (
    ("planned_at", "planejada"),
    ("called_at", "entregue ao provedor"),
    ("sent_at", "enviada"),
    ("delivered_at", "recebida no aparelho"),
    ("read_at", "lida"),
    ("failed_at", "falhou"),
)


def write_messages(paper: Paper, dossier: Dossier, words: Words) -> None:
    messages = dossier.sections["messages"]
    paper.heading(f"Mensagens ({len(messages)})")
    for message in messages:
        _message(paper, message, words)
    if not messages:
        paper.text("Nenhuma mensagem foi trocada.")


def _message(paper: Paper, message: dict[str, Any], words: Words) -> None:
    outgoing = message["direction"] == "out"
    paper.entry(
        words.joined(
            words.instant(message["planned_at"]),
            "Enviada por nós" if outgoing else "Recebida do membro",
            words.label(Channel, message["channel"]),
            words.actor(message["author"]) if outgoing else "",
            words.label(MessageKind, message["kind"]) if message["kind"] != MessageKind.TEXT else "",
            words.label(ContactKind, message["contact_kind"]) if message["contact_kind"] else "",
            words.label(MessageState, message["state"]) if outgoing else "",
            f"mensagem nº {message['id']}",
        )
    )
    text = message["text"]
    paper.text("(palavras de outra pessoa, que não cabem neste dossiê)" if text is None else text, indent=10)
    if message["buttons"]:
        paper.small(f"Botões: {' | '.join(message['buttons'])}", indent=10)
    template = message["template"]
    if template is not None:
        paper.small(
            f"Modelo {template['name']}, versão {template['version']} ({template['language']})", indent=10
        )
    if outgoing:
        way = words.joined(*(f"{name} {words.instant(message[at])}" for at, name in _WAY if message[at]))
        paper.small(way, indent=10)
        if message["failure"]:
            paper.small(f"Falha {message['failure_code']}: {message['failure']}", indent=10)
        if message["decision"]:
            paper.small(f"Decisão nº {message['decision']}", indent=10)
    if message["provider_id"]:
        paper.small(f"No provedor: {message['provider_id']}", indent=10)


def write_decisions(paper: Paper, dossier: Dossier, words: Words) -> None:
    decisions = dossier.sections["decisions"]
    paper.heading(f"Decisões de contato ({len(decisions)}), as recusas também")
    if not decisions:
        paper.text("Nenhum contato foi tentado.")
        return
    # Named once: what a decision does not mention passed without anything to note.
    asked = dict.fromkeys(result["rule"] for decision in decisions for result in decision["results"])
    paper.small(f"Regras perguntadas, nesta ordem: {', '.join(wording.title(rule) for rule in asked)}.")
    for decision in decisions:
        _decision(paper, decision, words)


def _decision(paper: Paper, decision: dict[str, Any], words: Words) -> None:
    paper.entry(
        words.joined(
            words.instant(decision["at"]),
            f"{wording.verdict_word(decision['verdict'])}: {decision['sentence']}",
            words.label(ContactKind, decision["kind"]),
            words.label(Channel, decision["channel"]),
            f"decisão nº {decision['id']}",
        )
    )
    paper.small(
        words.joined(
            f"pedido de {words.actor(decision['author'])}",
            f"etapa {decision['step']}" if decision["step"] else "",
            f"adiada para {words.instant(decision['until'])}" if decision["until"] else "",
            f"hora do membro {decision['local_time'].replace('T', ' ')} ({decision['zone']})",
            f"regras {decision['country']} {decision['pack_version']}",
            f"política {decision['policy_version']}",
            f"calendário {decision['calendar_version']}",
            f"revê a decisão nº {decision['revises']}" if decision["revises"] else "",
        ),
        indent=10,
    )
    lines = wording.rule_lines(decision["results"], zone=words.zone, decided_by=decision["rule"])
    told = [line for line in lines if line.verdict != "allow" or line.seen]
    paper.small(
        "; ".join(
            f"{line.title}: {line.word.lower()}{f' ({line.seen})' if line.seen else ''}" for line in told
        ),
        indent=10,
    )
    if len(lines) > len(told):
        paper.small(f"As outras {len(lines) - len(told)} regras passaram sem nada a notar.", indent=10)


def write_steps(paper: Paper, dossier: Dossier, words: Words) -> None:
    sections = dossier.sections
    paper.heading("Etapas da régua e contagem de contatos")
    for step in sections["steps"]:
        paper.small(
            words.joined(
                words.instant(step["at"]),
                f"etapa {step['step']}",
                f"vencimento {words.day(step['due_cycle'])}",
                words.label(StepOutcome, step["outcome"]),
                step["cadence"],
            )
        )
    for line in sections["contact_ledger"]:
        paper.small(
            words.joined(
                words.instant(line["at"]),
                words.label(LedgerOutcome, line["outcome"]),
                words.label(Channel, line["channel"]),
                words.label(ContactKind, line["kind"]) if line["kind"] else "",
                f"decisão nº {line['decision']}" if line["decision"] else "",
            )
        )
    for turn in sections["robot_turns"]:
        paper.small(
            words.joined(
                words.instant(turn["started_at"]),
                f"turno do robô: {words.label(RunStatus, turn['status']).lower()}",
                f"modelo {turn['model']}" if turn["model"] else "",
                f"instruções {turn['instructions']}",
                f"política {turn['policy_version']}",
                f"fez {', '.join(tool['tool'] for tool in turn['tools'])}" if turn["tools"] else "",
            )
        )
    for score in sections["scores"]:
        _score(paper, score, words)


def _score(paper: Paper, score: dict[str, Any], words: Words) -> None:
    if score["kind"] == "pilot":
        counted = ", ".join(f"{name} {value}" for name, value in score["counted_as"].items())
        paper.text(
            f"Piloto “{score['pilot']}”: {score['arm']} desde {words.instant(score['at'])}; contado como {counted}."
        )
        return
    paper.text(
        f"Hábitos contados em {words.instant(score['at'])}: {score['paid_before']} faturas pagas antes, "
        f"{score['late_before']} com atraso, {score['broken_promises']} promessas quebradas, valor usual "
        f"{words.amount(score['usual_amount'])}."
    )
