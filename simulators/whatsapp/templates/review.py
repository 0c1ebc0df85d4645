"""Meta's side of a template's life: review, recategorisation, quality, pauses. All of it comes by webhook."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulators.clock import Clock
from simulators.store import Document, Store
from simulators.whatsapp.account import Business
from simulators.whatsapp.postman import Postman
from simulators.whatsapp.templates.library import Library
from simulators.whatsapp.timers import Timers
from simulators.whatsapp.updates import Update

_SETTINGS = "whatsapp.settings"
_VERDICTS = "whatsapp.verdicts"
REVIEW_SECONDS = 1.0
PAUSES = (timedelta(hours=3), timedelta(hours=6))
_TICK_SECONDS = 0.5

_COERCIVE = re.compile(
    r"últim[ao] (chance|aviso)|evite consequências|medidas judiciais|seu nome ser[áa]", re.IGNORECASE
)
_PROMOTIONAL = re.compile(
    r"desconto|oferta|promoç|imperdível|aproveite|cupom|\d+ ?% ?(off|de desc)", re.IGNORECASE
)


@dataclass(frozen=True)
class Verdict:
    """The outcome of a review: a status, the category it was approved as, the reason of a rejection."""

    status: str
    category: str
    reason: str = "NONE"


def judge(template: Document) -> Verdict:
    """Review by words, as seen in the real one: coercion is rejected, promotion becomes marketing."""
    parts = [str(item.get("text", "")) for item in template["components"]]
    text = " ".join(parts)
    if _COERCIVE.search(text):
        return Verdict("REJECTED", template["category"], "ABUSIVE_CONTENT")
    if template["category"] == "UTILITY" and _PROMOTIONAL.search(text):
        return Verdict("APPROVED", "MARKETING")
    return Verdict("APPROVED", template["category"])


class Reviewer:
    """Decides a little later, and tells."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        library: Library,
        business: Business,
        postman: Postman,
        timers: Timers,
    ) -> None:
        """Review what is in `library`."""
        self._store = store
        self._clock = clock
        self._library = library
        self._business = business
        self._postman = postman
        self._timers = timers

    @property
    def seconds(self) -> float:
        """How long a review takes, real time."""
        doc = self._store.get(_SETTINGS, "review")
        return REVIEW_SECONDS if doc is None else float(doc["seconds"])

    def set_seconds(self, seconds: float) -> None:
        """Let reviews take another time from now on."""
        self._store.put(_SETTINGS, "review", {"seconds": seconds})

    def decide_beforehand(self, name: str, verdict: Verdict) -> None:
        """Fix the outcome of the next review of a template of this name."""
        self._store.put(
            _VERDICTS,
            name,
            {"status": verdict.status, "category": verdict.category, "reason": verdict.reason},
        )

    def submit(self, template: Document) -> None:
        """Review the template after a while."""
        self._timers.later(self.seconds, lambda: self._review(template["id"]))

    async def _review(self, template_id: str) -> None:
        template = self._library.get(template_id)
        if template is None or template["status"] != "PENDING":
            return
        doc = self._store.get(_VERDICTS, template["name"])
        verdict = judge(template)
        if doc is not None:
            self._store.delete(_VERDICTS, template["name"])
            verdict = Verdict(doc["status"], doc["category"] or template["category"], doc["reason"])
        previous = template["category"]
        template["category"] = verdict.category
        self.set_status(template, verdict.status, reason=verdict.reason)
        if verdict.category != previous:
            self.tell_category(template, previous)

    def set_status(self, template: Document, status: str, *, reason: str = "NONE") -> None:
        """Put the template into a state and tell it. The event of a return to APPROVED is APPROVED too."""
        template["status"] = status
        template["rejected_reason"] = reason if status == "REJECTED" else "NONE"
        self._library.save(template)
        self.tell_event(template, status, reason=reason)

    def tell_event(self, template: Document, event: str, *, reason: str = "NONE") -> None:
        """Tell an event of the template's life; a state changes by `set_status` only."""
        value = self._ids(template) | {
            "event": event,
            "reason": reason,
            "message_template_category": template["category"],
        }
        if event == "REJECTED":
            value["rejection_info"] = {
                "reason": reason,
                "recommendation": "Edit the template and submit it again.",
            }
        if event == "PAUSED":
            value["other_info"] = {
                "title": f"{_ordinal(template['pauses'])}_PAUSE",
                "description": "Low quality.",
            }
        self._tell("message_template_status_update", value)

    def tell_category(self, template: Document, previous: str) -> None:
        """Tell that the category was changed."""
        value = self._ids(template) | {"previous_category": previous, "new_category": template["category"]}
        self._tell("template_category_update", value)

    def announce_category(self, template: Document, correct: str, at: datetime) -> None:
        """Give notice that the category will be changed at `at`; nothing changes yet."""
        template["correct_category"] = correct
        self._library.save(template)
        value = self._ids(template) | {
            "new_category": template["category"],
            "correct_category": correct,
            "category_update_timestamp": int(at.timestamp()),
        }
        self._tell("template_category_update", value)

    def set_quality(self, template: Document, score: str) -> None:
        """Set the quality; RED pauses an approved template: 3 hours, then 6, then it is disabled."""
        previous = template["quality_score"]["score"]
        template["quality_score"] = {"score": score, "date": int(self._clock.now().timestamp())}
        self._library.save(template)
        value = self._ids(template) | {"previous_quality_score": previous, "new_quality_score": score}
        self._tell("message_template_quality_update", value)
        if score != "RED" or template["status"] != "APPROVED":
            return
        if template["pauses"] >= len(PAUSES):
            self.set_status(template, "DISABLED")
            return
        template["paused_until"] = (self._clock.now() + PAUSES[template["pauses"]]).isoformat()
        template["pauses"] += 1
        self.set_status(template, "PAUSED")

    def unpause(self, template: Document) -> None:
        """Let a paused template go on."""
        template["paused_until"] = ""
        self.set_status(template, "APPROVED")

    def end_pauses(self) -> None:
        """Let go on whatever has been paused long enough, by business time."""
        now = self._clock.now()
        for template in self._library.all():
            until = template["paused_until"]
            if template["status"] == "PAUSED" and until and datetime.fromisoformat(until) <= now:
                self.unpause(template)

    def deleted(self, templates: list[Document]) -> None:
        """Tell that templates were deleted."""
        for template in templates:
            value = self._ids(template) | {
                "event": "DELETED",
                "reason": "NONE",
                "message_template_category": template["category"],
            }
            self._tell("message_template_status_update", value)

    def resume(self) -> None:
        """After a restart, review what was waiting."""
        for template in self._library.all():
            if template["status"] == "PENDING":
                self.submit(template)

    def _ids(self, template: Document) -> dict[str, Any]:
        return {
            "message_template_id": int(template["id"]),
            "message_template_name": template["name"],
            "message_template_language": template["language"],
        }

    def _tell(self, field: str, value: dict[str, Any]) -> None:
        moment = int(self._clock.now().timestamp())
        self._postman.post([Update(field=field, value=value, kind="account", moment=moment)])


def _ordinal(number: int) -> str:
    return {1: "FIRST", 2: "SECOND"}.get(number, "LATER")
