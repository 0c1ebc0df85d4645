"""How Brazilian systems title their columns."""

import re
from functools import lru_cache

from commons.text import fold
from office.imports.enums import Field

# What a title says in short or in English, spelled out, so that the phrases below stay few.
_SHORT_FORMS = {
    "numero": "no n nr nro num number",
    "data": "dt dta date",
    "valor": "vlr vl vr val amount value",
    "vencimento": "venc vcto vencto vecto",
    "pagamento": "pgto pagto pag pg",
    "codigo": "cod cd code",
    "telefone": "tel fone phone",
    "celular": "cel mobile",
    "whatsapp": "wpp whats zap",
    "documento": "doc docto document",
    "situacao": "sit status estatus state",
    "email": "mail emails",
    "cliente": "cli clientes customer",
    "associado": "associada",
    "aluno": "aluna",
    "filiado": "filiada",
    "socio": "socia",
    "nome": "name",
    "nascimento": "nasc nascto",
    "cidade": "municipio city",
    "titulo": "titulos",
    "fatura": "faturas",
    "parcela": "parcelas",
    "boleto": "boletos",
    "descricao": "descr desc historico",
    "etiquetas": "tags tag",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONG_FORMS = {short: word for word, shorts in _SHORT_FORMS.items() for short in _words(shorts)}
_CONNECTIVES = _words("de do da dos das em e o a the of p para r")
# A title with one of these words speaks of something we do not import, however familiar the rest sounds.
_FOREIGN = _words(
    "multa juros desconto descontos taxa tarifa acrescimo emissao cadastro fantasia mae pai vendedor "
    "atendente usuario operador filial unidade banco agencia conta cep bairro rua logradouro endereco "
    "complemento inicio fim cancelamento saldo ultimo ultima alteracao criacao competencia rg ie"
)
_PERSON = _words("cliente associado aluno membro filiado socio assinante sacado pagador")
_BILL = _words("fatura titulo boleto cobranca duplicata mensalidade parcela invoice nota")


def _phrases(
    known: str, *, before: str = "", each: frozenset[str] = frozenset()
) -> tuple[frozenset[str], ...]:
    """The titles of `known` and every word of `before` joined with every one of `each`, as sets of words."""
    titles = known.split(", ") + [f"{word} {other}" for word in before.split() for other in each]
    return tuple(_words(title) for title in titles)


_TITLES: dict[Field, tuple[frozenset[str], ...]] = {
    Field.MEMBER_EXTERNAL_ID: _phrases(
        "codigo, matricula, inscricao, registro, id, codigo externo, external id",
        before="codigo id numero matricula",
        each=_PERSON,
    ),
    Field.NAME: _phrases(
        "nome, razao social, nome razao social, nome completo, devedor, responsavel, responsavel financeiro, "
        "contratante, cliente, associado, aluno, membro, filiado, socio, assinante, sacado, pagador",
        before="nome",
        each=_PERSON,
    ),
    Field.DOCUMENT: _phrases("cpf, cnpj, cpf cnpj, documento, cgc, cgc cpf, tax id"),
    Field.PHONE: _phrases(
        "celular, whatsapp, telefone, telefone celular, telefone 1, celular 1, contato, celular whatsapp, "
        "telefone principal"
    ),
    Field.PHONE_2: _phrases(
        "telefone 2, celular 2, telefone residencial, telefone comercial, outro telefone, telefone fixo, "
        "telefone secundario, telefone recado"
    ),
    Field.EMAIL: _phrases("email, correio eletronico, email 1, email principal, endereco email"),
    Field.CITY: _phrases("cidade, localidade"),
    Field.UF: _phrases("uf, estado, sigla estado, cidade uf"),
    Field.BIRTH_DATE: _phrases("data nascimento, nascimento, aniversario, birth data"),
    Field.PRODUCT: _phrases("plano, produto, servico, modalidade, curso, categoria, pacote, plan, product"),
    Field.INVOICE_NUMBER: _phrases(
        "nosso numero, numero documento, documento, identificador cobranca, fatura, titulo, boleto, "
        "duplicata",
        before="numero id codigo",
        each=_BILL,
    ),
    Field.DESCRIPTION: _phrases("descricao, referencia, observacao, mes referencia"),
    Field.DUE_DATE: _phrases("vencimento, data vencimento, vence, due data, vencimento original"),
    Field.AMOUNT: _phrases(
        "valor, valor original, valor nominal, valor bruto, total, preco", before="valor", each=_BILL
    ),
    Field.STATUS: _phrases("situacao, estado pagamento, situacao pagamento", before="situacao", each=_BILL),
    Field.PAID_AT: _phrases(
        "data pagamento, data baixa, data liquidacao, data recebimento, pagamento, pago data, baixa, "
        "liquidacao, recebimento, data credito"
    ),
    Field.PAID_AMOUNT: _phrases(
        "valor pago, valor recebido, valor pagamento, valor baixa, valor liquidado, recebido"
    ),
    Field.METHOD: _phrases(
        "forma, forma pagamento, meio pagamento, tipo pagamento, metodo pagamento, forma recebimento, "
        "modo pagamento, tipo cobranca, forma cobranca"
    ),
    Field.CONSENT_AT: _phrases(
        "data aceite, aceite, data consentimento, data opt in, aceite whatsapp, data aceite whatsapp, "
        "consentimento, opt in, optin, data autorizacao"
    ),
    Field.CONSENT_SOURCE: _phrases(
        "origem aceite, origem consentimento, canal aceite, origem opt in, fonte aceite"
    ),
    Field.TAGS: _phrases("etiquetas, marcadores, rotulos, grupo"),
}


def words(title: str) -> tuple[str, ...]:
    """The meaningful words of a title: `dtVencto` and `DT. VENCTO` both give `("data", "vencimento")`."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", title)
    parts = re.split(r"[^a-z0-9]+", fold(spaced).replace("e-mail", "email").replace("whats app", "whatsapp"))
    return tuple(_LONG_FORMS.get(part, part) for part in parts if part and part not in _CONNECTIVES)


@lru_cache(maxsize=4096)
def title_scores(title: str) -> dict[Field, float]:
    """How well `title` names each field, from 0 to 1; fields it does not name are left out.

    1 for a title we know, less for one that contains such a title among other words.
    """
    found = frozenset(words(title))
    if not found or len(title) > 80:
        return {}
    scores: dict[Field, float] = {}
    for meaning, phrases in _TITLES.items():
        best = 0.0
        for phrase in phrases:
            if phrase == found:
                best = 1.0
            elif phrase < found and not found & _FOREIGN:
                best = max(best, 0.5 + 0.4 * len(phrase) / len(found))
        if best:
            scores[meaning] = best
    return scores


def recognised_fields(cells: list[str] | tuple[str, ...]) -> set[Field]:
    """The different fields that `cells`, read as titles, would name."""
    found: set[Field] = set()
    for cell in cells:
        scores = title_scores(cell.strip())
        if scores:
            found.add(max(scores, key=lambda meaning: scores[meaning]))
    return found
