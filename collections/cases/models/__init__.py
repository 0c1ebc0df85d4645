from cases.models.case import Case, CaseEvent, CaseInvoice
from cases.models.concern import Dispute, Escalation, PaymentClaim
from cases.models.deal import Agreement, Installment, Offer, Pause, Promise
from cases.models.hold import Hold
from cases.models.policy import PolicyVersion

__all__ = [
    "Agreement",
    "Case",
    "CaseEvent",
    "CaseInvoice",
    "Dispute",
    "Escalation",
    "Hold",
    "Installment",
    "Offer",
    "Pause",
    "PaymentClaim",
    "PolicyVersion",
    "Promise",
]
