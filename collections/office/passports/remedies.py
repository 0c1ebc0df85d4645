"""What would have to change for a rule to let a contact pass: the next step for a person, never a way around."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.enums import RuleId

_WAIT = "Só o tempo resolve: o próximo horário permitido está ao lado."
_TEXT = "Mudar o texto da mensagem."

_REMEDIES: Mapping[str, str] = {
    RuleId.KILL_SWITCH: "Esperar o fim da parada, ou liberá-la em Paradas.",
    RuleId.COUNTRY_UNKNOWN: "Corrigir o país no cadastro, ou incluir as regras desse país.",
    RuleId.SENDER_INACTIVE: "Ativar um número de envio deste canal.",
    RuleId.TEMPLATE_INACTIVE: "Esperar a aprovação do modelo, ou escolher outro aprovado.",
    RuleId.NOT_ORIGINAL_CREDITOR: "Nada: o WhatsApp não aceita cobrança em nome de outros.",
    RuleId.RECIPIENT_NOT_MEMBER: "Incluir um contato deste membro para este canal.",
    RuleId.CONTACT_POINT_WRONG: "Confirmar por outro canal qual é o número certo.",
    RuleId.CONTACT_POINT_UNUSABLE: "Corrigir o contato, ou esperar que o membro escreva dele.",
    RuleId.CONTACT_POINT_SHARED: "Decidir em Contatos de quem é este número.",
    RuleId.OPTED_OUT: "Só o próprio membro desfaz o pedido, com um novo aceite registrado.",
    RuleId.NO_OPT_IN: "Registrar o consentimento do membro para este canal, com a prova.",
    RuleId.BLOCKED_FLAG: "Uma pessoa revê o bloqueio do cadastro.",
    RuleId.REPLY_WITHOUT_INBOUND: "Esperar que o membro escreva.",
    RuleId.RECEIPT_WITHOUT_PAYMENT: "Esperar um pagamento.",
    RuleId.RECEIPT_REPEATED: "Nada: o pagamento já foi confirmado ao membro.",
    RuleId.CASE_SETTLED: "Nada a cobrar: só uma nova fatura abre outro caso.",
    RuleId.INVOICE_NOT_OPEN: "Escolher só faturas em aberto.",
    RuleId.HOLD: "Esperar o fim da pausa, ou liberar no caso o que a segurou.",
    RuleId.DEBT_PRESCRIBED: "Nada: a dívida já não pode ser cobrada.",
    RuleId.HARD_STOP_UNANSWERED: "Uma pessoa revê o caso e escreve, se fizer sentido.",
    RuleId.RECENT_PAYMENT: "Esperar que o pagamento entre nas faturas.",
    RuleId.BALANCE_STALE: "Esperar a próxima leitura do saldo na origem.",
    RuleId.HOLIDAY: _WAIT,
    RuleId.BLACKOUT: "Esperar o fim do período, ou encerrá-lo em Períodos sem contato.",
    RuleId.WINDOW: _WAIT,
    RuleId.MAX_PER_DAY: _WAIT,
    RuleId.MAX_MESSAGES_7D: _WAIT,
    RuleId.MAX_CALLS_7D: _WAIT,
    RuleId.MAX_PER_30D: _WAIT,
    RuleId.MIN_GAP: _WAIT,
    RuleId.NO_SLOT: "Rever a política de contato: ela não deixa nenhum horário nos próximos dias.",
    RuleId.PRE_DUE_CAP: "Nada: o lembrete desta fatura já foi feito, ou ela já venceu.",
    RuleId.CHANNEL_RULE: "Usar um modelo aprovado, ou esperar que o membro escreva.",
    RuleId.BOT_DISCLOSURE: "Dizer no texto que é uma assistente virtual.",
    RuleId.CHARGES_UNLAWFUL: "Corrigir multa e juros da fatura.",
    RuleId.AMOUNT_BREAKDOWN: "Mostrar o valor por partes.",
    "creditor_identification": "Dizer no texto quem cobra.",
    "content_unchecked": "Uma pessoa lê o texto e o envia.",
    RuleId.IDENTITY_DISCLOSURE: "Não falar de dívida antes de o membro confirmar quem é.",
}


def remedy(rule: str) -> str:
    """The next step; a rule about the words of a message is cured by other words."""
    return _REMEDIES.get(rule, _TEXT)
