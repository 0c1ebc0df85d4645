"""Invented people and companies: names, documents with valid check digits, numbers in no real use."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

FIRST = [
    "Ana",
    "Bruno",
    "Carla",
    "Daniel",
    "Eduarda",
    "Felipe",
    "Gabriela",
    "Heitor",
    "Isabela",
    "João",
    "Karina",
    "Lucas",
    "Mariana",
    "Natália",
    "Otávio",
    "Paula",
    "Rafael",
    "Sofia",
    "Tiago",
    "Úrsula",
    "Vinícius",
    "Yara",
    "Antônio",
    "Beatriz",
    "Caio",
    "Débora",
    "Elias",
    "Fernanda",
    "Gustavo",
    "Helena",
    "Igor",
    "Júlia",
    "Kauã",
    "Larissa",
    "Marcelo",
    "Nicole",
    "Pedro",
    "Renata",
    "Sérgio",
    "Tatiane",
    "Wesley",
    "Zélia",
]
LAST = [
    "Almeida",
    "Barbosa",
    "Cardoso",
    "Dias",
    "Esteves",
    "Ferreira",
    "Gomes",
    "Henriques",
    "Lima",
    "Martins",
    "Nogueira",
    "Oliveira",
    "Pereira",
    "Queiroz",
    "Ribeiro",
    "Santos",
    "Teixeira",
    "Vieira",
    "Araújo",
    "Batista",
    "Castro",
    "Duarte",
    "Freitas",
    "Moura",
    "Pinto",
    "Ramos",
    "Silva",
    "Souza",
    "Rocha",
    "Correia",
]
COMPANIES = (
    "Padaria Pão da Vila Ltda",
    "Oficina São Jorge ME",
    "Studio Corpo Leve Ltda",
    "Mercado Boa Hora Ltda",
    "Clínica Sorriso Claro Ltda",
    "Papelaria Arco-Íris ME",
    "Pet Shop Patinhas Ltda",
    "Construtora Alicerce Ltda",
)
# State, area codes, city, weight.
PLACES = (
    ("SP", (11, 13, 19), "São Paulo", 46),
    ("RJ", (21, 22), "Rio de Janeiro", 14),
    ("MG", (31, 32), "Belo Horizonte", 12),
    ("PR", (41, 43), "Curitiba", 8),
    ("BA", (71, 75), "Salvador", 7),
    ("PE", (81,), "Recife", 5),
    ("AM", (92,), "Manaus", 4),
    ("AC", (68,), "Rio Branco", 2),
    ("", (11,), "", 2),
)


@dataclass(frozen=True)
class Person:
    """One invented member before it is anybody's row."""

    number: int
    name: str
    document: str
    kind: str
    phone: str
    email: str
    uf: str
    city: str
    birth_date: date | None


def invent(number: int, draw: random.Random) -> Person:
    """The member at `number` (from 0); one in twenty-five is a company."""
    company = number % 25 == 7
    uf, codes, city, _weight = draw.choices(PLACES, weights=[p[3] for p in PLACES])[0]
    if company:
        name = f"{COMPANIES[number // 25 % len(COMPANIES)]} {number}"
    else:
        name = f"{draw.choice(FIRST)} {draw.choice(LAST)} {draw.choice(LAST)}"
    return Person(
        number=number,
        name=name,
        document=_cnpj(draw) if company else _cpf(draw),
        kind="company" if company else "person",
        # 9 0000-xxxx: a range that no operator hands out.
        phone=f"+55{draw.choice(codes)}90000{number:04d}",
        email=f"membro{number:04d}@exemplo.example",
        uf=uf,
        city=city,
        birth_date=None
        if company
        else date(draw.randint(1950, 2006), draw.randint(1, 12), draw.randint(1, 28)),
    )


def _cpf(draw: random.Random) -> str:
    digits = [draw.randint(0, 9) for _ in range(9)]
    for length in (9, 10):
        total = sum(d * w for d, w in zip(digits, range(length + 1, 1, -1), strict=True))
        digits.append(total * 10 % 11 % 10)
    return "".join(map(str, digits))


def _cnpj(draw: random.Random) -> str:
    digits = [draw.randint(0, 9) for _ in range(8)] + [0, 0, 0, 1]
    for _ in range(2):
        weights = [2 + i % 8 for i in range(len(digits))][::-1]
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))
