"""Urgency, identity and consequences that are not true (F10 to F14, F22), and questions (F21)."""

from __future__ import annotations

from compliance.content.facts import ConsequenceKind as Kind
from compliance.content.lexicon.parts import CUT, SERVICE, block, review, with_record
from compliance.enums import RuleId

FALSEHOOD = (
    *review(
        RuleId.F10,
        r"\bultim[oa]s? (?:chance|chances|oportunidade|oportunidad|aviso|prazo|plazo|llamado|chamada|dia"
        r"|alerta)\b",
        r"\b(?:depois|despues)(?: disso| de eso| de hoje)?,? ?(?:ja )?(?:acabou|acaba|era|se acabo"
        r"|nao tem mais|no hay mas)\b",
        r"\b(?:tem|tiene|resta|restam|quedan?)\b (?:so |apenas |solo )?(?:\d+|uma|una|duas|dos|poucas|pocas"
        r"|meia|media) (?:horas?|minutos?)"
        r" (?:para|pra)\b",
        r"\b(?:agora ou nunca|ahora o nunca|corra(?= que|\s*(?:\n|$))|antes que seja tarde"
        r"|antes de que sea tarde|e pra ja)\b",
        r"\b(?:acaba|termina|expira|encerra|cierra|fecha|vence|se (?:cierra|acaba|vence))\b.{0,12}\b(?:em|en"
        r"|dentro de)\b"
        r" (?:\w+ )?(?:\d+|uma?|una?|duas|dos|poucas|pocas|meia|media|alguns|algunos) ?(?:h\b|hs\b|horas?"
        r"|minutos?|min\b)",
        r"\b(?:em|en|dentro de) (?:\d+|uma|una|duas|dos|poucas|pocas|meia|media) (?:horas?|minutos?)\b.{0,15}"
        r"\b(?:acaba|cierra|termina|expira|encerra|fecha|se (?:cierra|acaba))\b",
    ),
    *block(
        RuleId.F11,
        r"\b(?:aqui (?:e|quem fala e)|quem fala e|fala o|fala a|sou|soy|le habla|le escribe|eu sou)\b(?: o| a"
        r"| el| la)? "
        r"(?:dr|dra|doutora?|doctora?|advogad[oa]|abogad[oa]|licenciad[oa]|juiza?|juez|oficial|delegad[oa]"
        r"|procurador[a]?"
        r"|promotor[a]?|perit[oa]|fiscal|comisario|policial|juzgado|tribunal)\b",
        r"\b(?:aqui e|falo|falamos|somos|sou|le hablamos|le escribimos|llamamos|ligo|ligamos)\b (?:d[oae]l?"
        r"|del?) (?:el |la |setor )?"
        r"(?:serasa|spc|procon|forum|tribunal|justica|cartorio|policia|receita federal|banco central|juridico"
        r"|juzgado|buro"
        r"|infocorp|dicom|datacredito|fiscalia|sernac|profeco|indecopi|departamento juridico"
        r"|escritorio de advocacia)\b",
        r"\b(?:em nome|en nombre) d[oae]l? ?(?:la )?(?:serasa|spc|procon|forum|tribunal|justica|cartorio"
        r"|juzgado|buro|policia|juiz|juez)\b",
        r"\b(?:setor|departamento) juridico (?:do|da|del) (?:forum|tribunal|justica|juzgado)\b",
        negatable=True,
    ),
    *with_record(
        RuleId.F12,
        r"\b(?:negativ(?:ar|ad[oa]s?|acao|aremos|amos|ando|ou)|nome sujo|suj(?:ar|amos|aremos"
        r"|a) (?:o )?(?:seu |teu )?nome)\b",
        r"\b(?:serasa|spc|scpc|infocorp|dicom|datacredito|veraz|buro de credito|central(?:es)? de riesgo)\b",
        r"\b(?:orgaos? de protecao ao credito|cadastros? de (?:inadimplentes|devedores)"
        r"|lista de inadimplencia)\b",
        r"\b(?:protest(?:o|ar|ad[oa]|aremos|amos)|cartorio(?: de protestos?)?)\b",
        r"\bnombre (?:sera |va a ser |en )?(?:reportad[oa]|la lista)\b|\blo reportaremos\b|\breporte negativo"
        r"\b",
        record=(Kind.NEGATIVE_LISTING, Kind.PROTEST),
    ),
    *with_record(
        RuleId.F13,
        rf"\b{SERVICE}\b.{{0,30}}\b{CUT}",
        rf"\b{CUT}.{{0,15}}\b{SERVICE}\b",
        r"\b(?:le|te|lhe) (?:cort(?:amos|aremos|o)|vamos a cortar)\b",
        record=(Kind.SERVICE_SUSPENSION, Kind.SERVICE_TERMINATION),
    ),
    *block(
        RuleId.F14,
        r"\b(?:honorarios|taxas? de cobranca|custas|despesas? de cobranca|encargos? de cobranca"
        r"|comissao de cobranca)\b",
        r"\b(?:recargos? (?:de|por) cobranza|gastos? de cobranza|honorarios de cobranza|comision de cobranza)"
        r"\b",
        negatable=True,
    ),
    *block(
        RuleId.F22,
        r"\b(?:divida|conta|deuda|cuenta|obligacion)s? (?:ja )?(?:prescrit[oa]s?|caducad[oa]s?|caduc[oa]s?"
        r"|vencida ha anos)\b",
    ),
)

HUMAN_CLAIM = block(
    RuleId.F11,
    r"(?<!nao )(?<!nunca )\bsou (?:uma )?(?:pessoa|human[oa]|gente)\b",
    r"\bnao sou (?:um |uma |nenhum )?(?:robo|bot|maquina|assistente virtual|ia|inteligencia artificial"
    r"|programa)\b",
    r"\b(?:aqui|voce) (?:e|esta falando com|fala com) (?:uma )?(?:pessoa|gente)(?: real| de verdade"
    r"| de carne)?\b",
    r"(?<!no )\bsoy (?:una )?(?:persona|human[oa])\b|\bno soy (?:un |una |ningun )?(?:bot|robot|maquina"
    r"|programa|ia)\b",
)

REASON_QUESTION = review(
    RuleId.F21,
    r"\bpor ?que(?: motivo| razon)? (?:usted |ud |voce |aun |todavia |ainda )?(?:no|nao) (?:ha |han "
    r"|se ha )?(?:pag|cancel|cumpl|quit)\w*",
    r"\b(?:cual|qual)\b.{0,15}\b(?:motivo|razon|razao|causa)\b.{0,20}\b(?:atras|no pago|mora|demora"
    r"|falta de pago|nao pag)\w*",
    r"\b(?:que|o que) (?:le |te )?(?:paso|sucedio|impidio|aconteceu|impediu)\b.{0,30}\b(?:pag|atras|cuota"
    r"|factura|fatura)\w*",
    r"\ba que se debe\b.{0,15}\b(?:atraso|mora|demora|falta)\b|\bpor ?que (?:se|esta|anda) (?:atras"
    r"|en mora)\w*",
)
