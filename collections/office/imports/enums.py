"""The words of an import: what a column means, why a row is refused, what is worth a look."""

from django.db.models import TextChoices


class Field(TextChoices):
    """What a column of a receivables file may mean. The label is what the mapping screen shows."""

    MEMBER_EXTERNAL_ID = "member_external_id", "Código do membro"
    NAME = "name", "Nome ou razão social"
    DOCUMENT = "document", "CPF/CNPJ"
    PHONE = "phone", "Celular / WhatsApp"
    PHONE_2 = "phone_2", "Outro telefone"
    EMAIL = "email", "E-mail"
    CITY = "city", "Cidade"
    UF = "uf", "UF"
    BIRTH_DATE = "birth_date", "Data de nascimento"
    PRODUCT = "product", "Plano ou produto"
    INVOICE_NUMBER = "invoice_number", "Número da fatura"
    DESCRIPTION = "description", "Descrição"
    DUE_DATE = "due_date", "Vencimento"
    AMOUNT = "amount", "Valor"
    STATUS = "status", "Situação"
    PAID_AT = "paid_at", "Data do pagamento"
    PAID_AMOUNT = "paid_amount", "Valor pago"
    METHOD = "method", "Forma de pagamento"
    CONSENT_AT = "consent_at", "Aceite do WhatsApp: data"
    CONSENT_SOURCE = "consent_source", "Aceite do WhatsApp: origem"
    TAGS = "tags", "Etiquetas"


class FileStatus(TextChoices):
    """What the file says became of an invoice, whatever word its system uses."""

    OPEN = "open", "Em aberto"
    PARTIAL = "partial", "Paga em parte"
    PAID = "paid", "Paga"
    CANCELLED = "cancelled", "Cancelada"


class RowReason(TextChoices):
    """Why a whole row is refused. The label completes the sentence of the preview."""

    EXTRA_CELLS = "extra_cells", "A linha tem mais células que o cabeçalho: há um separador fora do lugar"
    MISSING_MEMBER = "missing_member", "Sem código do membro e sem CPF/CNPJ válido: não se sabe de quem é"
    MISSING_NAME = "missing_name", "Sem nome ou razão social"
    MISSING_INVOICE_NUMBER = "missing_invoice_number", "Sem número da fatura"
    INVALID_DATE = "invalid_date", "Data que não existe ou não se entende"
    INVALID_AMOUNT = "invalid_amount", "Valor que não se entende"
    AMBIGUOUS_AMOUNT = "ambiguous_amount", "Valor ambíguo: não se sabe se o ponto separa milhares ou centavos"
    AMOUNT_NOT_POSITIVE = "amount_not_positive", "Valor zero ou negativo"
    AMOUNT_TOO_LARGE = "amount_too_large", "Valor acima do limite"
    UNKNOWN_STATUS = "unknown_status", "Situação que não se conhece"
    CONTRADICTORY_PAYMENT = "contradictory_payment", "Situação e dados do pagamento se contradizem"
    PAYMENT_IN_FUTURE = "payment_in_future", "Data de pagamento no futuro"
    SAME_NUMBER_OTHER_DATA = (
        "same_invoice_number_with_other_data",
        "O mesmo número de fatura já apareceu com outros dados",
    )
    OTHER_MEMBERS_INVOICE = "other_members_invoice", "O número da fatura já pertence a outro membro"
    REFUSED_BY_BOOK = "refused_by_book", "O livro mudou desde a conferência"
    TEXT_TOO_LONG = "text_too_long", "Texto mais longo que o permitido"


class WarningCode(TextChoices):
    """What is imported all the same, but worth a look. Counted once for each member."""

    INVALID_DOCUMENT = "invalid_document", "CPF/CNPJ inválido: o membro entra sem documento"
    NO_PHONE = "no_phone", "Sem telefone: não haverá contato por WhatsApp"
    LANDLINE = "landline", "Telefone fixo: não recebe WhatsApp"
    INVALID_PHONE = "invalid_phone", "Telefone inválido: o membro entra sem esse número"
    PHONE_SHARED = (
        "phone_shared_by_two_members",
        "Telefone de outro membro: ficará sem contato até alguém decidir de quem é",
    )
    INVALID_EMAIL = "invalid_email", "E-mail inválido: o membro entra sem e-mail"
    INVALID_BIRTH_DATE = "invalid_birth_date", "Data de nascimento que não se entende: o membro entra sem ela"
    INVALID_UF = "invalid_uf", "UF que não existe: o membro entra sem ela"
    INVALID_CONSENT_DATE = "invalid_consent_date", "Data do aceite que não vale: o membro entra sem aceite"
    DOCUMENT_SHARED = (
        "document_shared_by_two_members",
        "CPF/CNPJ também em outro membro: confira se é a mesma pessoa em dois cadastros",
    )
    MEMBER_DATA_DIFFERS = "member_data_differs", "Dados do membro mudam entre as linhas: valem os da primeira"
    PAID_WITHOUT_DATE = "paid_without_date", "Paga sem data de pagamento: vale a data de vencimento"
    PAID_THERE_REST_HERE = (
        "paid_in_file_rest_here",
        "Paga no arquivo, mas aqui ainda falta uma parte: confira a fatura",
    )
    EARLIER_DUE_DATE = "earlier_due_date", "Vencimento antes do que está aqui: fica o daqui"
    AMOUNT_AFTER_PAYMENT = (
        "amount_differs_after_payment",
        "Valor diferente, mas a fatura já recebeu pagamento: fica o daqui",
    )
    PAID_HERE_OPEN_THERE = (
        "paid_here_open_in_file",
        "Quitada ou cancelada aqui, em aberto no arquivo: nada muda",
    )


class Outcome(TextChoices):
    """What a row means for the book."""

    CREATED = "created", "Novo"
    CHANGED = "changed", "Alterado"
    UNCHANGED = "unchanged", "Sem mudança"
    IGNORED = "ignored", "Nada a cobrar"
    DUPLICATE = "duplicate", "Linha repetida"
    REJECTED = "rejected", "Rejeitado"


class BatchState(TextChoices):
    """Where an import stands. Only the services of `office.imports` move it."""

    UPLOADED = "uploaded", "Recebido"
    PREVIEWING = "previewing", "Conferindo"
    PREVIEWED = "previewed", "Conferido"
    RUNNING = "running", "Importando"
    DONE = "done", "Importado"
    FAILED = "failed", "Com erro"
    REVERTING = "reverting", "Desfazendo"
    REVERTED = "reverted", "Desfeito"

    @classmethod
    def working(cls) -> "list[BatchState]":
        """A task is at it, or should be."""
        return [cls.PREVIEWING, cls.RUNNING, cls.REVERTING]

    @classmethod
    def editable(cls) -> "list[BatchState]":
        """Nothing was written yet: columns and consent may still be answered differently."""
        return [cls.UPLOADED, cls.PREVIEWED]


class Undone(TextChoices):
    """What an undone import did with one thing it had brought."""

    NO = "", "—"
    REVERTED = "reverted", "Desfeito"
    KEPT = "kept", "Mantido"
