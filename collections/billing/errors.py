"""What billing refuses, each with a sentence for people in Portuguese."""


class BillingError(ValueError):
    """Something that the book does not allow; `str()` of it is a sentence for people."""


class InvoiceNotOpen(BillingError):
    """The invoice is paid, cancelled or voided already."""


class InvoiceInUse(BillingError):
    """An invoice of an import cannot be taken back: something that came later stands on it.

    `numbers` names the invoices.
    """

    def __init__(self, message: str, *, numbers: list[str]) -> None:
        super().__init__(message)
        self.numbers = numbers


class InvalidDueDate(BillingError):
    """A due date only moves forward from the original one."""


class NothingDue(BillingError):
    """There is nothing to pay on the invoices asked for."""


class AmountAboveDue(BillingError):
    """More than what is owed: a typing error until somebody says otherwise."""


class InvoicesOfSeveralMembers(BillingError):
    """One payment settles the invoices of one member."""


class PaymentAlreadyAssigned(BillingError):
    """Somebody already said whose money it is."""


class ReversalTooLarge(BillingError):
    """More would go back than came in."""


class WebhookRefused(BillingError):
    """The call does not carry our secret; the answer is 401."""
