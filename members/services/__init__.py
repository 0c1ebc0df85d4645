"""Writing about members. Every function runs under the member's lock (`commons.history`)."""

from members.services.consents import NotAnOptIn, grant_consent, opt_in_again, opt_out
from members.services.hygiene import (
    HygieneRefused,
    ask_for_review,
    choose_owner,
    correct_contact,
    keep_contact,
    look_again_later,
    mark_task_wrong,
    retire_contact,
)
from members.services.identity import (
    IDENTITY_TRIES,
    confirm_identity,
    doubt_identity,
    doubt_inactive,
    fail_identity,
    notice_profile_name,
)
from members.services.notices import NoticeRefused, publish_notice
from members.services.people import block_member, create_member
from members.services.points import (
    AddressTaken,
    add_contact_point,
    learn_alias,
    set_contact_point_state,
)
from members.services.preferences import set_preference
from members.services.quarantine import (
    NeedsEvidence,
    free_from_quarantine,
    keep_in_quarantine,
    mark_wrong_number,
)
from members.services.reveals import MOST_IN_AN_HOUR, RevealRefused, reveal_contact, reveal_document

__all__ = [
    "IDENTITY_TRIES",
    "MOST_IN_AN_HOUR",
    "AddressTaken",
    "HygieneRefused",
    "NeedsEvidence",
    "NotAnOptIn",
    "NoticeRefused",
    "RevealRefused",
    "add_contact_point",
    "ask_for_review",
    "block_member",
    "choose_owner",
    "confirm_identity",
    "correct_contact",
    "create_member",
    "doubt_identity",
    "doubt_inactive",
    "fail_identity",
    "free_from_quarantine",
    "grant_consent",
    "keep_contact",
    "keep_in_quarantine",
    "learn_alias",
    "look_again_later",
    "mark_task_wrong",
    "mark_wrong_number",
    "notice_profile_name",
    "opt_in_again",
    "opt_out",
    "publish_notice",
    "retire_contact",
    "reveal_contact",
    "reveal_document",
    "set_contact_point_state",
    "set_preference",
]
