"""Harsh, shaming and pressing words (F07, F09, F15 to F20, F23, F24)."""

from __future__ import annotations

from compliance.content.findings import BLOCKING
from compliance.content.lexicon.parts import YOUR, block, review
from compliance.content.patterns import Phrase
from compliance.enums import RuleId

HARSHNESS = (
    *block(
        RuleId.F07,
        r"\b(?:caloteir[oa]s?|calote|vagabund[oa]s?|picaretas?|desonest[oa]s?|sem[- ]vergonhas?"
        r"|irresponsave(?:l|is))\b",
        r"\b(?:ma[ul]s? pagador(?:es|a)?|mal pagador|folgad[oa]|cara de pau|trambiqueir[oa]|pilantra"
        r"|enrolad[oa]r[oa]?)\b",
        r"\b(?:nao|no) (?:tem|tiene) (?:palavra|vergonha|carater|compromisso|palabra|verguenza|respeto"
        r"|respeito)\b",
        r"\b(?:que vergonha|vergonha na cara|tome vergonha|toma vergonha|falta de (?:carater|vergonha"
        r"|palavra))\b",
        r"\b(?:gente|pessoas?|quem e) (?:honest[oa]s?|de bem|decentes?|seria) (?:paga|pagam|honra|cumple)\b",
        r"\b(?:idiotas?|imbecil|burr[oa]|estupid[oa]s?|otari[oa]|mentiros[oa]s?|preguicos[oa]s?|ladr(?:ao"
        r"|ona?|oes))\b",
        r"\b(?:mala paga|tramp?os[oa]s?|sinverguenzas?|descar[oa](?:d[oa])?|que verguenza|irresponsables?"
        r"|moros[oa] de)\b",
        r"\b(?:la )?gente (?:decente|honesta|de bien) (?:paga|cumple)\b",
        negatable=False,
    ),
    *block(
        RuleId.F09,
        r"\b(?:doente|enfermo|problema|problemas|dificuldades?) todo (?:mundo|o mundo|el mundo) (?:fica|tem"
        r"|passa|tiene|pasa)\b",
        r"\btodo (?:mundo|el mundo) (?:fica doente|adoece|perde alguem|se enferma|pierde a alguien"
        r"|tem problemas?)\b",
        r"\b(?:doen\w+|enferm\w+|internad[oa]|luto|duelo)\b.{0,12}\b(?:nao|no) (?:e|es) (?:motivo|desculpa"
        r"|justificativa|razao|excusa|pretexto)\b",
        r"\b(?:doenca|luto|morte|falecimento|perda|idade|deficiencia|tratamento|internacao|hospital|cancer"
        r"|velorio|enterro"
        r"|enfermedad|muerte|duelo|fallecimiento|edad|discapacidad|lo de su \w+)\b.{0,30}\b(?:nao|no|nunca)\b"
        r".{0,12}"
        r"\b(?:isenta|exime|justifica|impede|muda|suspende|apaga|desculpa|motivo|quita|paga|libera|excusa"
        r"|cambia|impide)\b",
        r"\b(?:mesmo|ainda que|aunque|aun)\b.{0,12}\b(?:doente|de luto|internad[oa]|enferm[oa]|de duelo"
        r"|hospitalizad[oa])\b"
        r".{0,30}\b(?:pag\w+|conta|divida|deuda|cuenta)\b",
        r"\b(?:doent|doenca|morr|morte|faleci|luto|enferm|muri|muert)\w*\b.{0,40}\b(?:a (?:conta|divida"
        r"|fatura|mensalidade)"
        r"|la (?:deuda|cuenta|factura)) (?:continua|segue|sigue|fica|permanece|no espera|nao espera)\b",
        r"\bna sua idade\b|\ba su edad\b",
    ),
    *block(
        RuleId.F15,
        r"\b(?:peg(?:a|ue|ar)|pec(?:a|as)|pedir|pede|fac(?:a|as)|fazer|faz|tom(?:a|e|ar)|consig[ao]|arrum[ae]"
        r"|contrat[ae])\b"
        r".{0,20}\b(?:emprestad[oa]|emprestimos?|credito novo|agiota)\b",
        r"\bpor ?que (?:nao|no) (?:vende|pede|pega|usa|pide|saca|empenha|toma)\b",
        r"\b(?:consig|obteng|busqu|busc|ped|pid|saqu|tom|solicit)\w*\b.{0,15}\bprestam\w+\b",
        r"\b(?:pid[ae]|pidan|pedir|saque|saqu[ae]|tom[ae]|solicit[ae])\b.{0,15}\b(?:prestam[oe]s?"
        r"|prestad[oa])\b",
        r"\b(?:vend[ae]|vender|empenh[ae]|empen[ae])\b (?:\w+ )?(?:celular|carro|moto|tv|televisao|geladeira"
        r"|notebook|bicicleta"
        r"|joias?|aliancas?|moveis|auto|televisor|algo|alguma coisa|coche|refrigerador)\b",
        r"\b(?:deix[ae]|atras[ae]|adi[ae]|pul[ae]|esquec[ae]|cort[ae]|deje|posterg[ue]e?|salt(?:e|ese|ear))"
        r"\b (?:de pagar )?(?:\w+ )?"
        r"(?:aluguel|luz|agua|mercado|feira|comida|remedios?|pensao|alquiler|renta|arriendo|medicin\w+|comer)"
        r"\b",
        negatable=True,
    ),
    *block(
        RuleId.F19,
        rf"\b(?:{YOUR} )?(?:filh[oa]s?|alun[oa]s?|criancas?|dependentes?|bebe|nin[oa]s?|hij[oa]s?|nietos?"
        rf"|netos?)"
        r"(?: \w+)? (?:nao|no|ja nao|nunca) (?:mais )?(?:entra\w*|participa\w*|faz|fara|pode\w*|vai|vao"
        r"|assiste|assistira|tera|"
        r"rend\w*|podr\w*|puede\w*|recebe\w*|treina\w*|joga\w*|viaja\w*|forma\w*|estuda\w*|va a)\b",
        rf"\b(?:{YOUR} )?(?:filh[oa]s?|criancas?|alun[oa]s?|dependentes?|nin[oa]s?|hij[oa]s?)\b.{{0,10}}"
        rf"\b(?:vai|vao|va a|van a)?"
        r" ?(?:ficar(?:a|ao)?|perder(?:a|ao)?|quedar(?:a|an)?|sofrer(?:a)?|ser (?:impedid|barrad|retirad)\w*)"
        r" (?:sem|sin|fora|fuera|a vaga|el cupo|la vacante|as consequencias|de fora)",
        r"\b(?:barr|impedi|proibi|retir|expuls)\w*\b.{0,15}\b(?:filh[oa]s?|criancas?|alun[oa]s?|hij[oa]s?"
        r"|nin[oa]s?)\b",
    ),
    *block(
        RuleId.F20,
        r"(?<!gracas a )(?<!gracias a )\b(?:deus|dios|jesus|satanas|diabo|biblia|pecado|pecador\w*|igreja"
        r"|iglesia)\b",
        r"\bgente (?:como|igual a|feito|asi|dessa|desse|de esa|d[ea] (?:su|sua|seu|tu) (?:tipo|especie|laia"
        r"|turma|clase))\b|\bpessoas como voce\b|\bgentinha\b|"
        r"\bsua laia\b",
        r"\b(?:esse|este|seu|ese|su) tipo de (?:gente|pessoa|persona)s?\b",
        r"\b(?:bolsonarist|lulist|petist|comunist|esquerdist|direitist|masist|uribist|peronist"
        r"|kirchnerist)\w*\b",
        r"\b(?:pobres?|pret[oa]s?|negr[oa]s?|favelad[oa]s?|nordestin[oa]s?|baian[oa]s?|gays?|imigrantes?"
        r"|velh[oa]s?|indi[oa]s?"
        r"|mulheres|extranjer[oa]s?|venezolan[oa]s?)\b.{0,12}\b(?:nunca|nao|no|sempre|siempre)\b.{0,10}"
        r"\b(?:pag|dev|deb)\w*",
    ),
)

PRESSURE = (
    *tuple(
        Phrase(RuleId.F16, BLOCKING, pattern, denied_by_clause=True)
        for pattern in (
            r"\b(?:mand|envi|inform|pas|dig|confirm|escrev|escrib|compart|fotograf|preciso|necesito|qual"
            r"|cual|me da|deme|digit)"
            r"\w*\b.{0,40}\b(?:senha|cvv|cvc|codigo de seguranca|codigo de seguridad|token|(?:numero|dados"
            r"|foto|fotos) (?:completo )?"
            r"d[oe] ?(?:seu |la |su )?(?:cartao|tarjeta)|clave|contrasena|cpf (?:completo|inteiro)"
            r"|codigo de verifica\w+)\b",
        )
    ),
    *block(
        RuleId.F17,
        r"\b(?:so|somente|apenas|solo|solamente)\b.{0,30}\b(?:negoci|parcel|aceit|acept|liber|faz|fac|hago"
        r"|hacemos|acord)\w*\b"
        r".{0,25}\b(?:se|si|caso|quando|cuando)\b.{0,15}\b(?:tir|retir|desist|cancel|apag|remov|borr"
        r"|elimin)\w*\b",
        r"\b(?:retir[ea]|tir[ea]|apag(?:a|ue)|desist[ae] d[ae]|cancel[ae]|borre|elimine|remov[ae]|levante)"
        r"\b (?:\w+ )?(?:\w+ )?"
        r"(?:reclamac\w+|reclamos?|denuncias?|demandas?|queixas?|quejas?|processo|acao|avaliacao|comentario"
        r"|post)\b",
        r"\bse (?:voce )?(?:tirar|retirar|desistir|apagar|cancelar)\b.{0,15}\b(?:reclamac\w+|procon|processo"
        r"|acao|denuncia|queixa)\b",
        r"\b(?:desistir|abrir mao|renunciar)\b.{0,12}\b(?:d[oae]l?|a|ao) (?:su |seu |sua )?(?:processo|acao"
        r"|direitos?|reclamac\w+|"
        r"derechos?|demanda|procon|queja)\b",
        negatable=True,
    ),
    *review(
        RuleId.F18,
        r"\b(?:todo dia|todos os dias|toda hora|sem parar|diariamente|cada dia|todos los dias|a diario"
        r"|a toda hora|dia e noite"
        r"|sin parar)\b.{0,40}\b(?:ate|hasta)\b.{0,25}\b(?:pag|quit|cumpl)\w*",
        r"\b(?:vou|vamos|iremos|voy a|vamos a|seguir[ae]i?mos?|continuar(?:ei|emos))\b.{0,15}"
        r"\b(?:mandar|mandando|ligar|ligando|cobrar|cobrando|insistir|insistindo|escrever|llamar|llamando"
        r"|escribir|insistiendo)\b"
        r".{0,30}\b(?:todo dia|todos os dias|toda hora|sem parar|ate (?:voce )?(?:pagar|quitar)"
        r"|hasta que pague|todos los dias|cada dia)\b",
        r"\bnao (?:vamos|vou|iremos) (?:parar|desistir|deixar|cansar|sossegar|dar sossego)\b",
        r"\bno (?:dejaremos|vamos a (?:parar|dejar)|pararemos|descansaremos)\b.{0,6}\b(?:de|hasta)\b",
        r"\bvoce nao (?:vai|tera) ter? ?(?:paz|sossego)\b",
    ),
    *review(
        RuleId.F23,
        r"\b(?:nao (?:ha|temos|existem?|tem)|no (?:hay|tenemos|existen?))\b (?:nenhum[a]? |mais |outr[oa]s? "
        r"|ningun[a]? |mas |otr[oa]s? )?"
        r"(?:atendentes?|pessoas? (?:para|pra|aqui|atendendo)|ninguem|humanos?|gente (?:para|pra|atendendo)"
        r"|asesor(?:es)?|agentes?|"
        r"nadie|personas? (?:para|que|disponibles?)|operador(?:es)?)\b",
        r"\b(?:nao (?:posso|podemos|vou|da para|da pra|consigo)|no (?:puedo|podemos|es posible))\b (?:te "
        r"|lhe |le )?"
        r"(?:passar|transferir|chamar|pasar(?:l[oe])?|comunicar(?:l[oe])?|transferir(?:l[oe])?|conectar)\b"
        r".{0,25}\b(?:pessoa|atendente|humano|ninguem|alguem|equipe|asesor|persona|nadie|alguien|equipo)\b",
        r"\b(?:nao|no) (?:e|es) (?:possivel|posible) (?:falar|passar|transferir|hablar|pasar)\b",
        r"\b(?:nenhum|ningun) (?:atendente|asesor|agente|humano) (?:pode|vai|puede|va|esta)\b",
        r"\b(?:so|somente|apenas|solo) (?:pode|puede|poderia) (?:falar|tratar|hablar) (?:comigo|conmigo)\b",
        r"\b(?:so|somente|apenas) (?:eu|o robo|comigo|a assistente)\b.{0,20}\b(?:atend|respond|resolv"
        r"|fal)\w*",
        r"\b(?:fale|converse|resolva|trate) (?:so |somente |apenas )?comigo\b|\bhable (?:solo )?conmigo\b",
        unless=r"\b(?:agora|momento|horario|hoje|ainda|ahora|hoy|amanha|manana|volta\w*|retorn\w*|vuelv\w*"
        r"|assim que|fila|segunda)\b",
    ),
    *review(
        RuleId.F24,
        r"\b(?:nao|no) (?:te |lhe |le )?(?:da|gera|tem|dan?) (?:nenhum )?(?:direito|derecho)s?\b",
        r"\b(?:voce|usted) (?:nao|no) (?:pode|puede|tem (?:o )?direito|tiene derecho)(?: a| de)? "
        r"(?:reclamar|recorrer|processar|contestar|denunciar|demandar|questionar|cuestionar|reembols\w+)\b",
        r"\b(?:voce|usted) (?:tem|tiene) (?:direito|derecho) (?:a|ao|de|al) "
        r"(?:indeniz|dano|dan[oi]|devoluc|ressarc|indemniz|reembols|dobro|doble)\w*",
        r"\b(?:a lei|la ley|o codigo|el codigo|a justica)\b.{0,10}\b(?:permite|garante|esta do nosso lado"
        r"|nao te|nao o|no lo|no le"
        r"|nos (?:permite|ampara)|protege|obriga|obliga)\b",
        r"\b(?:legalmente|juridicamente|pela lei|por lei|por ley)\b",
        r"\bo? ?\b(?:procon|reclame aqui|anatel|condusef|profeco|sernac|indecopi|sic)\b.{0,6}\b(?:nao|no)\b"
        r".{0,12}"
        r"\b(?:vai|pode|resolve|adianta|ajuda|puede|va a|sirve|ayuda|faz)\b",
        r"\b(?:nao adianta|no sirve de nada|no vale la pena)\b.{0,10}\b(?:reclamar|processar|procurar|ir"
        r"|denunciar|demandar)\b",
    ),
)
