"""Crime, courts, exposure to others: what may never be held over anybody (F01 to F06, F08)."""

from __future__ import annotations

from compliance.content.facts import ConsequenceKind as Kind
from compliance.content.lexicon.parts import (
    GET_TO_KNOW,
    KIN,
    OF_YOURS,
    OWES,
    SAFETY,
    TELL,
    TO_THE,
    WE_REACH,
    WE_WILL,
    WILL_TELL,
    WORK,
    YOUR,
    block,
    with_record,
)
from compliance.enums import RuleId

CRIME = (
    *block(RuleId.F01, r"\b(?:policia|delegacia|viatura|patrulla)\b", unless=SAFETY),
    *block(
        RuleId.F01,
        r"\b(?:prisao|cadeia|carcel|calabozo|criminos[oa]s?|estelionato|caso de policia|delitos?)\b",
        r"\b(?:e|es|vira|comete|cometendo|cometiendo|foi|considerado) (?:um |un )?crimen?\b",
        r"\bcrime\b",
        r"\b(?:ser|vai|sera|acabar|sair|ir|ira|termina\w*|quedar|ficar) (?:pres[oa]|detid[oa]|detenid[oa]"
        r"|arrestad[oa])\b",
        r"\b(?:tras las rejas|atras das grades|sol nascer quadrado)\b",
        r"\b(?:voz de prisao|ordem de prisao|orden de captura|denuncia penal|queixa-crime|fiscalia)\b",
        r"\b(?:vamos|vou|iremos) (?:registrar|abrir|fazer) (?:um )?(?:boletim|b\.?o\.?)\b",
    ),
)

COURT = (
    *block(
        RuleId.F02,
        r"\b(?:intimacao|intimad[oa]|notificacao judicial|citacao judicial|mandado (?:judicial|de \w+))\b",
        r"\b(?:processo|autos|expediente|execucao)\s+(?:n\S{0,2}\s*)?\d{3,}",
        r"\b(?:citacion|oficio|notificacao|notificacion|carta) (?:d[oae]l?|de la) (?:juzgado|vara|juiz|forum"
        r"|tribunal|juez)\b",
        r"\b(?:vara civel|comarca de|juizo da|por ordem d[oa] (?:juiz|juiza|justica|tribunal))\b",
        r"\b(?:notificacion judicial|citacion judicial|orden judicial|cedula judicial|emplazamiento)\b",
        r"\b(?:embargo|penhora) (?:ordenad[oa]|decretad[oa]|determinad[oa]|dictad[oa]|autorizad[oa])\b",
        r"\bultima (?:notificacao|notificacion) (?:judicial|formal|antes)\b",
        negatable=True,
    ),
    *with_record(
        RuleId.F03,
        r"\b(?:entr(?:ar|amos|aremos|ei)|acion(?:ar|amos|aremos)|lev(?:ar|amos|aremos)|cobr(?:ar|amos|aremos)"
        r"|"
        r"recorr(?:er|emos|eremos)|resolv(?:er|emos|eremos))\b.{0,25}\b(?:justica|tribunal|forum|juizo)\b",
        r"\b(?:acao judicial|acoes judiciais|medidas? (?:judicia(?:l|is)|lega(?:l|is|les))|via judicial"
        r"|vias judiciais"
        r"|judicialmente|execucao (?:judicial|da divida)|ajuiz\w+)\b",
        r"\b(?:acao|acoes|processo|proceso|demanda)s? (?:judicia\w+|contra|na justica|civil|criminal|legal"
        r"|en su contra)\b",
        r"\b(?:nossos? advogad\w+|nosso juridico|nuestros? abogad\w+|departamento juridico"
        r"|departamento legal)\b",
        r"\b(?:bens|contas?|salario|cuentas?|sueldo|bienes)\b.{0,25}\b(?:penhor\w+|confisc\w+|embarg\w+"
        r"|bloque\w+ (?:pela|por la|por ordem|judicial\w*))\b",
        r"\b(?:tom|quit|perd|leilo|remat)\w*\b.{0,12}\b(?:(?:sua|a|su|la) casa|seus bens|seu carro"
        r"|sus bienes)\b",
        r"\b(?:penhor(?:a|ar|ad[oa]|ando)|oficial de justica)\b",
        r"\b(?:vamos|vou|iremos|ser|sera) (?:te |lhe )?processa(?:r|d[oa])\b|\bprocessaremos\b",
        r"\bbloque(?:ar|io|aremos|ad[oa])\b.{0,12}\b(?:bens|salario|conta bancaria|contas bancarias)\b",
        r"(?<!sin )\bembarg(?:o|os|ar|amos|aremos|ad[oa]|arle|uen)\b",
        r"\b(?:l[oae]s? demand(?:amos|aremos|aran)|demandaremos|demandarl[oae]|una demanda|demanda judicial)"
        r"\b",
        r"\b(?:accion(?:es)? lega(?:l|les)|accion(?:es)? judicia(?:l|les)|ir a juicio|un juicio|tribunales)"
        r"\b",
        record=(Kind.LEGAL_ACTION,),
    ),
)

EXPOSURE = (
    *block(
        RuleId.F04,
        rf"\b{WE_WILL} (?:\w+ )?{TELL}{TO_THE} (?:{YOUR} )?{KIN}\b",
        rf"\b{WILL_TELL}{TO_THE} (?:{YOUR} )?{KIN}\b",
        rf"\b{WE_REACH}\b.{{0,25}}\b{OF_YOURS} {KIN}\b",
        rf"\b{YOUR} {KIN} (?:ja )?(?:sab(?:e|em|en)|descobr\w*|se entero|se enteraron)\b",
        rf"\b(?:quer|gostaria|quiere|prefere|prefiere)\b.{{0,10}}\bque\b.{{0,5}}\b{YOUR} {KIN}\b.{{0,10}}"
        rf"\b(?:saib|descubr|sep|enter)\w*",
        rf"\b{YOUR} {KIN} {GET_TO_KNOW}",
        rf"\b(?:imagin[ae]|imaginou|ja pensou|piense)\b.{{0,20}}\b{YOUR} {KIN}\b.{{0,20}}\b(?:saber|sabendo"
        rf"|descobr|enter)\w*",
        negatable=True,
    ),
    *block(
        RuleId.F05,
        rf"\b{WE_WILL} (?:\w+ )?{TELL}{TO_THE} {YOUR} {WORK}\b",
        rf"\b{WILL_TELL}{TO_THE} {YOUR} {WORK}\b",
        rf"\b{WE_REACH}\b.{{0,45}}\b{OF_YOURS} {WORK}\b",
        rf"\b(?:imagin[ae]|imaginou|ja pensou|piense|quer que|quiere que)\b.{{0,20}}\b{YOUR} {WORK}\b"
        rf".{{0,20}}\b(?:sab|saib|descob|descubr|enter|sep)\w*",
        rf"\b(?:{WE_WILL} (?:\w+ )?{TELL}|{WILL_TELL}) (?:recursos humanos|rh|o rh)\b",
        rf"\b{YOUR} {WORK} {GET_TO_KNOW}",
        rf"\b(?:aparec|cobrar|iremos|vamos|visitar)\w* (?:\w+ )?(?:no|em|na|en) {YOUR} {WORK}\b",
        negatable=True,
    ),
    *block(
        RuleId.F06,
        r"\b(?:grupo|lista|mural|quadro|cartaz|cartel)\b.{0,15}\b(?:devedores|inadimplentes|caloteiros"
        r"|morosos|deudores)\b",
        r"\b(?:public|post|divulg|expo[rnm]|exib|exhib|coloc|mostr|compart)\w*\b.{0,25}"
        r"\b(?:foto|nome|nombre|rosto|rostro|divida|deuda|perfil|cara)\b.{0,40}"
        r"\b(?:grupo|redes?|facebook|instagram|mural|internet|publico|todos|status|moros[oa]s?|deudor\w*"
        r"|devedor\w*)\b",
        r"\b(?:todo mundo|todos|a cidade|o bairro|o predio|todo el mundo|el barrio|la gente|(?:outr[oa]s"
        r"|demais|otros)"
        r" (?:alun|membr|associad|morador|client|vizinh|alumn|miembr|vecin|soci)\w+)\b.{0,12}"
        r"\b(?:vai|vao|va a|van a|precisam?|fiquem?|se va a)\b.{0,12}\b(?:saber|sabendo|ver|conhecer"
        r"|enterar\w*)\b",
        negatable=True,
    ),
    *block(
        RuleId.F08,
        rf"\b(?:ele|ela|el|ella|{YOUR} {KIN}) {OWES}\b",
        rf"\b{YOUR} {KIN} (?:ainda |todavia )?(?:nao|no) (?:pag|quit|cumpl)\w*",
        r"\b(?:o|a|don|dona) (?!gente)[a-z]+ (?:esta|ta) devendo\b",
        r"\b(?:dizer|avisar|contar|falar|pedir|lembrar|decir|recordar)(?:le)? (?:a|para|pra|pro) (?:ele|ela"
        r"|el|ella|su \w+|seu \w+|sua \w+)\b"
        r".{0,30}\b(?:deve|debe|pag\w+|divida|deuda|debito|mensalidades?|faturas?|facturas?|cuotas?|atras\w+)"
        r"\b",
        rf"\b(?:dile|diga|avisa|avise) a (?:tu|su|seu|sua) {KIN}\b.{{0,15}}\bque\b.{{0,15}}\b(?:pag|deb|dev"
        rf"|quit)\w*",
        r"\b(?:diga|diz|fale|fala|avise|avisa|peca|pede|conte|conta|lembre|cobre)\b(?: \w+)? ?"
        rf"\b(?:ele|ela|pra ele|pra ela|para ele|para ela|a ele|a ela|{YOUR} {KIN})\b.{{0,30}}"
        r"\b(?:deve|devendo|pag\w+|divida|debito|mensalidades?|faturas?|atras\w+|quit\w+)\b",
        r"\b(?:digale|avisele|dile|recuerdele|cobrele)\b.{0,30}\b(?:debe|deuda|pag\w+|cuotas?|facturas?"
        r"|atras\w+)\b",
        negatable=True,
    ),
)
