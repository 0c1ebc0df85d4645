from billing.models.invoice import Invoice
from billing.models.ledger import LedgerEntry
from billing.models.means import MeansLine, PaymentMeans
from billing.models.payment import Allocation, Payment, PaymentReversal
from billing.models.sync import ProviderSync

__all__ = [
    "Allocation",
    "Invoice",
    "LedgerEntry",
    "MeansLine",
    "Payment",
    "PaymentMeans",
    "PaymentReversal",
    "ProviderSync",
]
