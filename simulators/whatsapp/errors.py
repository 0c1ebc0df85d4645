"""Errors the network answers at once, and those it reports later in a `failed` status."""

from dataclasses import dataclass
from typing import Any

from simulators.whatsapp.identifiers import trace_id

HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True)
class ErrorKind:
    """What is the same in every error of one code."""

    title: str
    details: str = ""
    status: int = 400
    transient: bool = False


ERROR_KINDS: dict[int, ErrorKind] = {
    1: ErrorKind("API Unknown", "Invalid request or possible server error.", 500, True),
    2: ErrorKind("Service temporarily unavailable", "An unexpected error occurred. Please retry.", 503, True),
    4: ErrorKind(
        "Application request limit reached", "The app has reached its API call rate limit.", 400, True
    ),
    10: ErrorKind("Application does not have permission for this action", "Permission denied.", 403),
    33: ErrorKind("Parameter value is not valid", "The business phone number has been deleted."),
    100: ErrorKind("Invalid parameter", "One or more parameters are not supported or misspelled."),
    104: ErrorKind("An access token is required to request this resource.", status=401),
    190: ErrorKind("Invalid OAuth access token - Cannot parse access token", status=401),
    200: ErrorKind("Permissions error", "The app may not act on this account.", 403),
    368: ErrorKind("Temporarily blocked for policies violations", "The account was restricted.", 403),
    2040: ErrorKind(
        "Payments are not supported for this user", "The recipient cannot receive order messages."
    ),
    2046: ErrorKind("Invalid status transition", "The order cannot change to this status."),
    2047: ErrorKind("Cancellation failed", "The payment for this order succeeded or is pending."),
    80007: ErrorKind("Rate limit issues", "The business account reached its rate limit.", 400, True),
    130403: ErrorKind("User is blocked", "This user was blocked by the business."),
    130429: ErrorKind("Rate limit hit", "Cloud API message throughput has been reached.", 400, True),
    130472: ErrorKind(
        "User's number is part of an experiment", "Message was not sent as part of an experiment."
    ),
    130497: ErrorKind("Business account is restricted from messaging users in this country", status=403),
    131000: ErrorKind("Something went wrong", "Message failed to send due to an unknown error.", 500, True),
    131005: ErrorKind("Access denied", "Permission is either not granted or has been removed.", 403),
    131008: ErrorKind("Required parameter is missing"),
    131009: ErrorKind("Parameter value is not valid"),
    131016: ErrorKind("Service unavailable", "A service is temporarily unavailable.", 500, True),
    131021: ErrorKind("Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: ErrorKind("Message undeliverable", "Unable to deliver the message."),
    131030: ErrorKind("Recipient phone number not in allowed list"),
    131031: ErrorKind("Account has been locked", "The account is restricted or disabled.", 403),
    131037: ErrorKind("Phone number display name is not approved"),
    131042: ErrorKind(
        "Business eligibility payment issue", "There was an error related to the payment method."
    ),
    131045: ErrorKind("Incorrect certificate", "The phone number is not registered.", 500),
    131047: ErrorKind(
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied.",
    ),
    131048: ErrorKind("Spam rate limit hit", "Too many previous messages were blocked or flagged as spam."),
    131049: ErrorKind(
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: ErrorKind(
        "User has stopped marketing messages", "The recipient chose to stop receiving marketing messages."
    ),
    131051: ErrorKind("Message type unknown", "Message type is currently not supported."),
    131052: ErrorKind("Media download error", "Unable to download the media sent by the user."),
    131053: ErrorKind("Media upload error", "Unable to upload the media used in the message."),
    131056: ErrorKind(
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the same"
        " phone number in a short period of time.",
        400,
        True,
    ),
    131057: ErrorKind("Account in maintenance mode", "The account is in maintenance mode.", 500, True),
    131062: ErrorKind(
        "Recipient type not supported", "This type of message cannot be sent to a business-scoped user id."
    ),
    131063: ErrorKind("Marketing messages are disabled on this API"),
    131064: ErrorKind("Category violation limit reached", "Too many templates of a wrong category."),
    132000: ErrorKind("Number of parameters does not match the expected number of params"),
    132001: ErrorKind("Template name does not exist in the translation", status=404),
    132005: ErrorKind("Translated text too long"),
    132007: ErrorKind("Template format character policy violated"),
    132008: ErrorKind("Parameter value is not valid"),
    132012: ErrorKind("Parameter format does not match format in the created template"),
    132015: ErrorKind("Template is paused", "Template is paused due to low quality so it cannot be sent."),
    132016: ErrorKind(
        "Template is disabled", "Template was paused too many times and is now permanently disabled."
    ),
    132018: ErrorKind("Template component parameters do not match the template"),
    133010: ErrorKind("Phone number not registered"),
    133016: ErrorKind("Account register deregister rate limit exceeded"),
    135000: ErrorKind("Generic user error"),
    137000: ErrorKind("Identity key mismatch"),
    2494100: ErrorKind("Phone number upgrade in progress", "Try again in a few minutes.", 500, True),
}

# Codes whose message stands alone, without "(#code)" before it, as the Graph API answers them.
_PLAIN = frozenset({104, 190})


def kind_of(code: int) -> ErrorKind:
    """Return what is known of a code; unknown codes are allowed, so that tests may invent future ones."""
    return ERROR_KINDS.get(code, ErrorKind(f"Error {code}"))


class GraphError(Exception):
    """A request is refused at once with the Graph API's error envelope."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        title: str = "",
        status: int | None = None,
        subcode: int | None = None,
        user_title: str = "",
        user_message: str = "",
        type_: str = "OAuthException",
    ) -> None:
        """Refuse with `code`; what is not given comes from the table of kinds."""
        kind = kind_of(code)
        self.code = code
        self.title = title or kind.title
        self.details = details or kind.details
        self.status = status or kind.status
        self.subcode = subcode
        self.transient = kind.transient
        self.type = type_
        self.user_title = user_title
        self.user_message = user_message
        super().__init__(f"(#{code}) {self.title}")

    def envelope(self) -> dict[str, Any]:
        """Return the answer's body."""
        error: dict[str, Any] = {
            "message": self.title if self.code in _PLAIN else f"(#{self.code}) {self.title}",
            "type": self.type,
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        if self.user_title:
            error |= {"error_user_title": self.user_title, "error_user_msg": self.user_message}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = trace_id()
        return {"error": error}


def unknown_object(object_id: str, method: str) -> GraphError:
    """Return the refusal for an id this token cannot see."""
    return GraphError(
        100,
        title=f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be"
        " loaded due to missing permissions, or does not support this operation.",
        subcode=33,
        type_="GraphMethodException",
    )


def status_error(code: int, details: str = "") -> dict[str, Any]:
    """Return one element of a failed status's `errors`."""
    kind = kind_of(code)
    return {
        "code": code,
        "title": kind.title,
        "message": kind.title,
        "error_data": {"details": details or kind.details or kind.title},
        "href": HELP,
    }
