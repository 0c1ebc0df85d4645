from django.db.models import TextChoices


class ContactKind(TextChoices):
    """What a contact is. It decides which rules the contact meets (`gate.kinds`)."""

    COLLECTION = "collection", "Cobrança"
    PRE_DUE = "pre_due", "Lembrete antes do vencimento"
    COMMITMENT = "commitment", "Lembrete de promessa ou parcela"
    REPLY = "reply", "Resposta ao membro"
    RECEIPT = "receipt", "Confirmação de pagamento"
    NOTICE = "notice", "Aviso obrigatório"
    SURVEY = "survey", "Pesquisa"


class Verdict(TextChoices):
    ALLOW = "allow", "Permitido"
    DEFER = "defer", "Adiado"
    REFUSE = "refuse", "Recusado"


class BlackoutStops(TextChoices):
    """What a period without contact stops, of all that we start ourselves."""

    COLLECTION = "collection", "Cobranças"
    PRE_DUE = "pre_due", "Lembretes antes do vencimento"
    BOTH = "both", "Cobranças e lembretes"

    @property
    def kinds(self) -> frozenset[ContactKind]:
        """Collection is whatever is about something late, a promise and a survey included."""
        return _STOPPED_KINDS[self.value]


_LATE_KINDS = frozenset(
    {ContactKind.COLLECTION, ContactKind.COMMITMENT, ContactKind.NOTICE, ContactKind.SURVEY}
)
_STOPPED_KINDS = {
    "collection": _LATE_KINDS,
    "pre_due": frozenset({ContactKind.PRE_DUE}),
    "both": _LATE_KINDS | {ContactKind.PRE_DUE},
}


class SwitchScope(TextChoices):
    """What one switch stops; all but `all` and `agent` carry a key.

    A step key, a segment's key, a channel, a sender's id, a state with its country ("BR-SP").
    """

    ALL = "all", "Tudo"
    STEP = "step", "Uma etapa"
    SEGMENT = "segment", "Um segmento"
    CHANNEL = "channel", "Um canal"
    SENDER = "sender", "Um número de envio"
    STATE = "state", "Um estado"
    AGENT = "agent", "O agente"


class LedgerOutcome(TextChoices):
    """What one line of the contact ledger tells; later lines correct earlier ones, none is changed."""

    SENT = "sent", "Enviado"
    REFUNDED = "refunded", "Estornado: não chegou"
    ANSWERED = "answered", "O membro escreveu"


class RuleId(TextChoices):
    """Every rule of the gate: a stable id for the passport, a sentence for the people who read it."""

    KILL_SWITCH = "kill_switch", "Os envios estão desligados por uma chave de segurança."
    COUNTRY_UNKNOWN = "country_unknown", "Não há regras de contato para o país do membro."
    SENDER_INACTIVE = "sender_inactive", "O remetente não está ativo."
    TEMPLATE_INACTIVE = "template_inactive", "O modelo de mensagem não está aprovado ou foi pausado."
    NOT_ORIGINAL_CREDITOR = (
        "not_original_creditor",
        "O WhatsApp só pode ser usado por quem cobra as próprias faturas.",
    )
    RECIPIENT_NOT_MEMBER = "recipient_not_member", "O contato não pertence a este membro."
    CONTACT_POINT_WRONG = "contact_point_wrong", "O número é de outra pessoa."
    CONTACT_POINT_UNUSABLE = "contact_point_unusable", "O contato está bloqueado ou não recebe mensagens."
    CONTACT_POINT_SHARED = "contact_point_shared", "O contato aparece em dois cadastros e espera correção."
    OPTED_OUT = "opted_out", "O membro pediu para não receber mensagens por este canal."
    NO_OPT_IN = "no_opt_in", "Não há consentimento do membro para este canal."
    BLOCKED_FLAG = "blocked_flag", "O cadastro do membro impede qualquer contato por nossa iniciativa."
    REPLY_WITHOUT_INBOUND = (
        "reply_without_inbound",
        "Não há mensagem do membro esperando resposta: isto seria um novo contato.",
    )
    RECEIPT_WITHOUT_PAYMENT = "receipt_without_payment", "Não há pagamento a confirmar."
    RECEIPT_REPEATED = "receipt_repeated", "Este pagamento já foi confirmado ao membro."
    CASE_SETTLED = "case_settled", "O caso está encerrado: não há o que cobrar."
    INVOICE_NOT_OPEN = "invoice_not_open", "Uma das faturas citadas já não está em aberto."
    HOLD = "hold", "A cobrança está segurada."
    DEBT_PRESCRIBED = "debt_prescribed", "A dívida passou do prazo em que pode ser cobrada."
    HARD_STOP_UNANSWERED = (
        "hard_stop_unanswered",
        "O membro não responde há muito tempo: uma pessoa precisa rever o caso.",
    )
    RECENT_PAYMENT = "recent_payment", "Um pagamento acabou de chegar."
    BALANCE_STALE = "balance_stale", "O saldo não foi confirmado há pouco na origem."
    HOLIDAY = "holiday", "É feriado no lugar do membro."
    BLACKOUT = "blackout", "Ninguém é contatado nestes dias no lugar do membro."
    WINDOW = "window", "Está fora do horário permitido no lugar do membro."
    MAX_PER_DAY = "max_per_day", "O membro já recebeu o contato permitido por dia."
    MAX_MESSAGES_7D = "max_messages_7d", "O membro já recebeu as mensagens permitidas em sete dias."
    MAX_CALLS_7D = "max_calls_7d", "O membro já recebeu as ligações permitidas em sete dias."
    MAX_PER_30D = "max_per_30d", "O membro já recebeu os contatos permitidos em trinta dias."
    PRE_DUE_CAP = "pre_due_cap", "O lembrete permitido antes do vencimento já foi enviado."
    MIN_GAP = "min_gap", "O último contato é recente demais."
    CHANNEL_RULE = "channel_rule", "O canal não permite esta mensagem agora."
    NO_SLOT = "no_slot", "Não há horário permitido nos próximos dias."
    BOT_DISCLOSURE = "bot_disclosure", "O primeiro contato precisa dizer que é uma assistente virtual."
    CREDITOR_IDENTIFICATION = "creditor_identification", "O primeiro contato precisa dizer quem cobra."
    CONTENT_UNCHECKED = "content_unchecked", "O texto não pôde ser conferido: uma pessoa precisa vê-lo."
    CHARGES_UNLAWFUL = "charges_unlawful", "Os encargos passam do que a lei permite."
    AMOUNT_BREAKDOWN = "amount_breakdown", "O valor cobrado precisa vir discriminado."
    IDENTITY_DISCLOSURE = (
        "identity_disclosure",
        "O texto fala de dívida a quem ainda não confirmou ser o membro.",
    )
    UNGROUNDED_DATE = "content:ungrounded_date", "O texto traz uma data que não está nos fatos."
    UNGROUNDED_COUNT = "content:ungrounded_count", "O texto traz um parcelamento que não está nos fatos."
    UNGROUNDED_LINK = "content:ungrounded_link", "O texto traz um link ou código que não é nosso."
    F01 = "content:F01", "O texto fala de prisão, polícia ou crime."
    F02 = "content:F02", "O texto imita um documento ou ato da Justiça."
    F03 = "content:F03", "O texto anuncia uma medida judicial que não existe."
    F04 = "content:F04", "O texto ameaça contar à família."
    F05 = "content:F05", "O texto ameaça contar no trabalho."
    F06 = "content:F06", "O texto ameaça expor o membro em público."
    F07 = "content:F07", "O texto ofende ou julga o membro."
    F08 = "content:F08", "O texto conta a dívida a outra pessoa."
    F09 = "content:F09", "O texto pressiona quem está doente, de luto ou em situação frágil."
    F10 = "content:F10", "O texto cria urgência ou prazo que não existe."
    F11 = "content:F11", "O texto se passa por quem não é."
    F12 = "content:F12", "O texto fala de cadastro de devedores ou protesto sem registro."
    F13 = "content:F13", "O texto anuncia corte do serviço fora da regra."
    F14 = "content:F14", "O texto traz um valor ou percentual que não está nos fatos."
    F15 = "content:F15", "O texto manda pedir emprestado, vender algo ou deixar o essencial."
    F16 = "content:F16", "O texto pede senha ou dados secretos."
    F17 = "content:F17", "O texto troca negociação por desistência de um direito."
    F18 = "content:F18", "O texto anuncia insistência."
    F19 = "content:F19", "O texto ameaça um filho ou dependente."
    F20 = "content:F20", "O texto discrimina ou usa religião ou política."
    F21 = "content:F21", "O texto pergunta por que não pagou, o que este país proíbe."
    F22 = "content:F22", "O texto convida a pagar uma dívida prescrita."
    F23 = "content:F23", "O texto recusa o atendimento por uma pessoa."
    F24 = "content:F24", "O texto dá opinião sobre direitos."
