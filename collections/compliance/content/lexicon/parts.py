"""How phrases are put together: words that several of them share, and their makers."""

from __future__ import annotations

from compliance.content.facts import ConsequenceKind
from compliance.content.findings import BLOCKING, REVIEWED
from compliance.content.patterns import Phrase
from compliance.enums import RuleId

YOUR = r"(?:seus?|suas?|teus?|tuas?|sus?|tus?|d[ao]s? (?:seus?|suas?)|[ao] (?:seus?|suas?|teu|tua))"

KIN = (
    r"(?:espos[oa]|marido|mulher|mae|pais?|filh[oa]s?|irma[os]*|avo|sogr[oa]|familia(?:res)?|parentes?"
    r"|companheir[oa]"
    r"|namorad[oa]|noiv[oa]|vizinh[oa]s?|mama|papa|madre|padres?|hij[oa]s?|herman[oa]s?|mujer|abuel[oa]"
    r"|vecin[oa]s?)"
)

WORK = (
    r"(?:chefe|patrao|patroa|gerente|trabalho|emprego|empregador(?:es)?|rh|setor de rh"
    r"|recursos humanos|colegas?|jef[ea]|patron(?:a)?|empleador(?:es)?|oficina|trabajo|companeros?|firma)"
)

WE_WILL = (
    r"(?:vou|vamos|iremos|irei|podemos|posso|precisaremos|teremos que|terei que|tenho que|preciso"
    r"|voy a|vamos a|podemos|tendremos que|tendre que)(?: (?:ter que|a|lhe|te|le))?"
)

TELL = (
    r"(?:falar com|conversar com|ligar (?:para|pra|pro|no|na|em)|avisar|contar (?:para|pra|tudo|a|isso)"
    r"|informar"
    r"|procurar|cobrar|comunicar|chamar|escrever (?:para|pra)|mandar (?:uma )?mensagem (?:para|pra)|incluir"
    r"|envolver"
    r"|llamar a|hablar con|avisar(?:le)? a|contar(?:le)? a|informar(?:le)? a|decir(?:le)? a|buscar a"
    r"|cobrar(?:le)? a"
    r"|escribir(?:le)? a|contactar a)"
)

WILL_TELL = (
    r"(?:falaremos com|ligaremos (?:para|pra|no|na)|avisaremos|contaremos|informaremos|procuraremos"
    r"|cobraremos"
    r"|comunicaremos|llamaremos a|hablaremos con|avisaremos a|contaremos a|informaremos a|contactaremos a"
    r"|buscaremos a|escribiremos a)"
)

# Somebody of ours reaching out: "vou … falar", "posso mandar", "llamaremos".
WE_REACH = (
    r"(?:(?:vou|vamos|irei|posso|podemos|preciso|precisamos|terei|teremos|tenho|voy|podria|tendremos)"
    r"\b(?: \w+){0,3}?"
    r" (?:fal|cont|lig|avis|inform|procur|cobr|comunic|cham|escrev|mand|envi|convers|diz|pass|llam|habl|busc"
    r"|escrib|contact"
    r"|visit|decir)\w*"
    r"|(?:fal|cont|lig|avis|inform|procur|cobr|comunic|cham|escrev|mand|envi|convers|llam|habl|busc|escrib"
    r"|contact|visit)"
    r"(?:aremos|eremos|iremos|arei|erei|irei))"
)

# Not "da sua filha": an invoice of somebody's child is no exposure.
OF_YOURS = r"(?<!\bda )(?<!\bdo )(?<!\bde )(?:seus?|suas?|teus?|tuas?|sus?|tus?)"

TO_THE = r"(?: (?:a|o|as|os|de|da|do|na|no|con|la|el|los|las|ao|aos|sobre isso com|com))?"

GET_TO_KNOW = (
    r"(?:(?:vai|vao|va a|van a|precisa|precisam|podem?|merecem?|tiene que|deberia)(?: gostar de| querer"
    r"| adorar| ficar)?"
    r" (?:saber|sabendo|conhecer|descobrir|enterarse|saberlo|conocer)|se (?:va|van) a enterar|ficara? sabendo"
    r"|sabera)"
)

OWES = (
    r"(?:deve|devem|debe|deben|(?:esta|ta|estao) (?:devendo|em atraso|atrasad[oa]|inadimplente)"
    r"|(?:tem|tiene|possui)\b.{0,25}\b(?:divida|debito|mensalidades?|faturas?|boletos?|parcelas?|pendencias?"
    r"|em aberto|atrasad[oa]s?|deudas?|cuotas?|facturas?|vencid[oa]s?))"
)

SERVICE = (
    r"(?:internet|servicos?|conexao|sinal|linha|acesso|luz|agua|energia|telefone|celular|wifi|tv"
    r"|servicio|conexion|senal|linea|acceso|matricula|plano|plan)"
)

CUT = (
    r"(?:cort(?:ar|aremos|amos|ada|ado|am|ando|arlo|arle)|cort(?:e|es) d[oae]|suspen[ds]\w*|bloque(?:ar"
    r"|ad[oa]|io|aremos|ia)"
    r"|deslig(?:ar|ad[oa]|aremos|amos|am)|interromp\w+|interrump\w+|sera cancelad[oa]|cancelaremos"
    r"|(?:vai )?cai(?:r)?\b|vai ficar sem|ficara? sem|quedara? sin)"
)

SAFETY = r"\b(?:190|180|188|192|911|perigo|peligro|emergencia|risco|riesgo|seguranca|a salvo)\b"


def block(rule: RuleId, *patterns: str, negatable: bool = False, unless: str = "") -> tuple[Phrase, ...]:
    return tuple(Phrase(rule, BLOCKING, pattern, negatable=negatable, unless=unless) for pattern in patterns)


def review(rule: RuleId, *patterns: str, unless: str = "") -> tuple[Phrase, ...]:
    return tuple(Phrase(rule, REVIEWED, pattern, unless=unless) for pattern in patterns)


def with_record(rule: RuleId, *patterns: str, record: tuple[ConsequenceKind, ...]) -> tuple[Phrase, ...]:
    return tuple(Phrase(rule, BLOCKING, pattern, negatable=True, record=record) for pattern in patterns)
