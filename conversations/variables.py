"""The variables a text may have: what each one holds, and what a reviewer sees in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PATTERN = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """`meaning` is for whoever writes a text; `example` is a typical value. `neutral`: tells no debt."""

    meaning: str
    example: str
    neutral: bool = False


VARIABLES: Mapping[str, Variable] = {
    "nome": Variable("primeiro nome, ou o nome da empresa", "Ana", neutral=True),
    "organizacao": Variable("nome fantasia de quem cobra", "Academia Horizonte", neutral=True),
    "cnpj": Variable("CNPJ de quem cobra", "46.827.193/0001-50", neutral=True),
    "fatura": Variable("descrição da fatura mais antiga", "Mensalidade 11/2026"),
    "faturas": Variable(
        "as faturas da mensagem, juntas em uma só leitura", "Mensalidade 10/2026 e Mensalidade 11/2026"
    ),
    "vencimento": Variable("vencimento da fatura mais antiga", "05/11/2026"),
    "valor": Variable("total de hoje, ou o valor da parcela, da promessa ou do pagamento", "R$ 123,04"),
    "composicao": Variable(
        "original, multa e juros do total", "R$ 119,90, mais R$ 2,39 de multa e R$ 0,75 de juros"
    ),
    "dias_atraso": Variable("dias desde o vencimento mais antigo, com a palavra", "12 dias"),
    "assinatura": Variable("quem assina pela empresa", "Marina Alves, do financeiro", neutral=True),
    "data_suspensao": Variable(
        "primeiro dia em que o serviço pode ser suspenso, conforme o aviso", "09/12/2026"
    ),
    "data_limite": Variable("último dia da proposta", "30/11/2026"),
    "data": Variable("dia da parcela, da promessa ou da volta da equipe", "27/11/2026", neutral=True),
    "parcela": Variable("qual parcela do acordo", "parcela 2 de 3"),
    "acordo": Variable("o acordo em poucas palavras", "3 parcelas de R$ 41,02"),
    "situacao": Variable("o que foi quitado e o que fica em aberto", "Está tudo em dia."),
    "canal_pessoa": Variable("onde falar com uma pessoa", "(11) 4000-0480", neutral=True),
    "link_conversa": Variable(
        "endereço curto que abre a conversa no WhatsApp",
        "https://emdia.example/l/AAAAKgnF3x0pQ2d/",
        neutral=True,
    ),
}

EXAMPLES: dict[str, str] = {name: variable.example for name, variable in VARIABLES.items()}


def names_in(*texts: str) -> list[str]:
    """The variables of the texts in their order, each once."""
    return list(dict.fromkeys(name for text in texts for name in PATTERN.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its variables replaced. Raises KeyError for one without a value."""
    return PATTERN.sub(lambda match: values[match[1]], text)
