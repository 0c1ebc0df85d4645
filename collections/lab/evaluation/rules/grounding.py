"""G1: every amount, date, percentage, number of installments, link and code that we say is a current fact."""

from __future__ import annotations

from decimal import Decimal

from lab.evaluation import knowledge, mentions
from lab.evaluation.knowledge import Knowledge
from lab.evaluation.record import Run


def unknown_facts(run: Run, *, public_url: str) -> list[str]:
    """What was said and is no fact. A person of the team may say what they know: their words are not read."""
    found: list[str] = []
    for index, exchange in enumerate(run.exchanges):
        if exchange.turn.kind == "operator":
            continue
        known = knowledge.at(run, index, public_url=public_url)
        for message in exchange.received:
            said = mentions.read(message.whole)
            found += [f"G1: turn {exchange.turn.number} says {what}" for what in _unknown(said, known)]
    return found


def _unknown(said: mentions.Mentions, known: Knowledge) -> list[str]:
    def repeated(value: Decimal) -> bool:
        return value in known.said_numbers

    return [
        *(f"the amount {v}" for v in said.money if v not in known.amounts and not repeated(v)),
        *(f"the date {m.text!r}" for m in said.dates if not known.knows_date(m)),
        *(
            f"the month {month:02d}/{year}"
            for year, month in said.months
            if (year, month) not in known.months
        ),
        *(f"the percentage {v}" for v in said.percents if v not in known.percents and not repeated(v)),
        *(
            f"{v} installments"
            for v in said.installments
            if v not in known.counts and not repeated(Decimal(v))
        ),
        *(f"the link {link}" for link in said.links if not known.knows_link(link)),
        *(f"the code {code[:30]}…" for code in said.codes if code not in known.codes),
    ]
