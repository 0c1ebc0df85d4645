"""Our templates at the simulated WhatsApp: submitted by a person, reviewed, followed by webhook and by looking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conversations import template_sync, templates
from conversations.channels.errors import ChannelError
from conversations.enums import AlarmKind, TemplateStatus
from conversations.library.loading import ensure_library, library
from conversations.models import MessageTemplate, TemplateAlarm
from conversations.template_sync import NotSubmittable, submit
from tests.conversations import deliveries
from tests.conversations.network import Network
from tests.conversations.world import NOW, make_sender
from tests.factories.commons import OrganisationFactory

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def house(now: None) -> None:
    OrganisationFactory()
    make_sender()
    ensure_library()


def text(name: str = "late_1_7_v1", language: str = "pt_BR") -> MessageTemplate:
    return MessageTemplate.objects.get(name=name, language=language)


def send(name: str = "late_1_7_v1") -> MessageTemplate:
    return submit(template_id=text(name).pk, actor="user:1", now=NOW)


def story(name: str = "late_1_7_v1") -> list[str]:
    return list(text(name).events_told.order_by("pk").values_list("sentence", flat=True))


@pytest.fixture
def approved(house: None, network: Network) -> Network:
    """`late_1_7_v1` live at the network."""
    network.tell("review", seconds=0)
    send()
    network.pass_on()
    assert text().is_live
    return network


def test_draft_goes_to_review_and_live_when_the_webhook_says_so(house: None, network: Network):
    network.tell("review", seconds=0)

    sent = send()
    assert (sent.status, sent.submitted_at, sent.provider_id != "") == ("PENDING", NOW, True)
    assert templates.sendable(stage="late_1_7", neutral=False) is None

    network.pass_on()
    assert text().is_live
    assert story() == ["Enviado para aprovação.", "Aprovado.", "Foi ao ar."]


def test_every_text_of_ours_is_taken_and_approved_as_utility(house: None, network: Network):
    """The whole set passes the network's own checks and review; nothing becomes marketing."""
    network.tell("review", seconds=0)

    done = template_sync.submit_drafts(actor="user:1", now=NOW)
    network.pass_on()

    assert (len(done.sent), done.blocked, done.stopped) == (len(library()), [], "")
    assert set(MessageTemplate.objects.values_list("status", "category")) == {("APPROVED", "UTILITY")}
    assert not TemplateAlarm.objects.exists()


def test_looking_leaves_drafts_alone_and_follows_the_rest(house: None, network: Network):
    network.tell("review", seconds=0)
    send()
    network.settle()

    assert template_sync.sync(now=LATER) == 1
    assert template_sync.sync(now=LATER) == 0

    assert (text().is_live, text().synced_at) == (True, LATER)
    assert MessageTemplate.objects.filter(status="DRAFT").count() == len(library()) - 1


def test_text_that_is_said_in_an_open_conversation_needs_nobody_s_approval(house: None):
    assert send("away_v1").is_live


def test_text_that_something_blocks_is_not_submitted(house: None, network: Network):
    MessageTemplate.objects.filter(name="late_1_7_v1").update(buttons=[])

    with pytest.raises(NotSubmittable) as refused:
        send()

    assert [found.rule for found in refused.value.findings] == ["no_person", "no_stop"]
    assert (text().status, story(), network.held_templates()) == ("DRAFT", [], [])
    done = template_sync.submit_drafts(actor="user:1", now=NOW)
    assert {t.name for t in done.blocked} == {"late_1_7_v1"}


def test_submitted_text_is_not_submitted_again(approved: Network):
    with pytest.raises(NotSubmittable, match="próxima versão"):
        send()


def test_without_a_number_nothing_is_submitted(house: None):
    make_sender().delete()

    with pytest.raises(NotSubmittable, match="número"):
        send()
    assert text().status == "DRAFT"
    assert template_sync.submit_drafts(actor="user:1", now=NOW).stopped.startswith("Nenhum número")
    assert template_sync.sync(now=NOW) == 0


def test_refused_submission_is_a_draft_again(house: None, network: Network):
    """The name is taken at the network by a text of another form: it refuses ours at once."""
    component = {"type": "BODY", "text": "Oi, tudo bem?"}
    network.tell(
        "seed",
        templates=[
            {"name": "late_1_7_v1", "language": "pt_BR", "category": "UTILITY", "components": [component]}
        ],
    )

    with pytest.raises(ChannelError):
        send()

    assert (text().status, text().submitted_at) == ("DRAFT", None)
    assert story()[-1].startswith("O WhatsApp não aceitou o envio:")


def test_submission_whose_answer_was_lost_is_found_by_looking(house: None, network: Network):
    network.tell("review", seconds=0)
    send()
    network.settle()
    MessageTemplate.objects.filter(pk=text().pk).update(provider_id="")

    template_sync.sync(now=LATER)

    assert text().is_live


@pytest.mark.parametrize(("minutes", "status"), [(9, "PENDING"), (11, "DRAFT")])
def test_submission_that_never_arrived_is_a_draft_again(
    house: None, network: Network, minutes: int, status: str
):
    MessageTemplate.objects.filter(name="late_1_7_v1", language="pt_BR").update(
        status="PENDING", submitted_at=NOW
    )

    template_sync.sync(now=NOW + timedelta(minutes=minutes))

    assert text().status == status


def test_text_that_is_gone_at_the_network_is_stopped(approved: Network):
    approved.tell("reset")

    template_sync.sync(now=LATER)

    assert (text().status, TemplateAlarm.objects.get().kind) == ("DISABLED", AlarmKind.STOPPED)
    assert "não existe mais" in TemplateAlarm.objects.get().sentence


@pytest.mark.parametrize(
    ("orders", "status", "category", "quality", "kinds"),
    [
        ([{"status": "PAUSED"}], "PAUSED", "UTILITY", "UNKNOWN", {"stopped"}),
        ([{"quality": "RED"}], "PAUSED", "UTILITY", "RED", {"stopped", "quality"}),
        ([{"quality": "YELLOW"}], "APPROVED", "UTILITY", "YELLOW", {"quality"}),
        ([{"category": "MARKETING"}], "APPROVED", "MARKETING", "UNKNOWN", {"category"}),
        ([{"correct_category": "MARKETING"}], "APPROVED", "UTILITY", "UNKNOWN", {"category"}),
        ([{"status": "DISABLED"}], "DISABLED", "UTILITY", "UNKNOWN", {"stopped"}),
        ([{"status": "PAUSED"}, {"status": "APPROVED"}], "APPROVED", "UTILITY", "UNKNOWN", set()),
    ],
)
@pytest.mark.parametrize("by", ["webhook", "looking"])
def test_everything_the_network_plays_is_followed(
    approved: Network,
    by: str,
    orders: list[dict[str, str]],
    status: str,
    category: str,
    quality: str,
    kinds: set[str],
):
    for minute, order in enumerate(orders, start=1):
        approved.stands_at(NOW + timedelta(minutes=minute))
        approved.tell("template", name="late_1_7_v1", **order)
        approved.settle()
    if by == "webhook":
        approved.pass_on()
    else:
        template_sync.sync(now=LATER)

    now = text()
    assert (now.status, now.category, now.quality) == (status, category, quality)
    assert set(TemplateAlarm.objects.filter(resolved_at=None).values_list("kind", flat=True)) == kinds


def test_event_that_changes_no_state_is_heard_by_webhook(approved: Network):
    approved.tell("template", name="late_1_7_v1", event="FLAGGED")
    approved.pass_on()

    assert (text().status, TemplateAlarm.objects.get().kind) == ("APPROVED", AlarmKind.QUALITY)


@pytest.mark.parametrize(
    ("outcome", "status", "category", "kind"),
    [
        ("REJECTED", TemplateStatus.REJECTED, "UTILITY", AlarmKind.REJECTED),
        ("MARKETING", TemplateStatus.APPROVED, "MARKETING", AlarmKind.CATEGORY),
    ],
)
def test_review_that_turns_out_otherwise_raises_an_alarm(
    house: None, network: Network, outcome: str, status: str, category: str, kind: str
):
    network.tell("review", name="late_1_7_v1", outcome=outcome, seconds=0)

    send()
    network.pass_on()

    assert (text().status, text().category) == (status, category)
    assert TemplateAlarm.objects.get().kind == kind


def test_pause_hands_over_to_the_stand_in_and_the_end_of_the_pause_hands_back(approved: Network):
    send("due_day_v1")
    approved.pass_on()
    MessageTemplate.objects.filter(pk=text().pk).update(fallback=text("due_day_v1"))

    approved.tell("template", name="late_1_7_v1", quality="RED")
    approved.pass_on()
    assert templates.sendable(stage="late_1_7", neutral=False) == text("due_day_v1")

    approved.stands_at(LATER)
    approved.tell("template", name="late_1_7_v1", status="APPROVED")
    approved.pass_on()
    assert templates.sendable(stage="late_1_7", neutral=False) == text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_template_status_update", {"event": "PAUSED"}),
        ("message_template_components_update", {"message_template_element": "Oi."}),
    ],
)
def test_news_about_a_text_that_is_not_ours_or_about_its_parts_change_nothing(
    house: None, field: str, value: dict[str, Any]
):
    named = {
        "message_template_id": 1,
        "message_template_name": "de_outro",
        "message_template_language": "pt_BR",
    }
    ours = named | {"message_template_name": "late_1_7_v1"}

    deliveries.deliver((field, named | value), now=NOW)
    deliveries.deliver(("message_template_components_update", ours), now=NOW)

    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"DRAFT"}
