"""Statuses and notices: everything of a delivery that is not a message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.channels.errors import ContactAction, Remedy
from conversations.channels.whatsapp.items import (
    AccountUpdate,
    DeliveryStatus,
    Echo,
    IdentityChange,
    IdentityUpdate,
    MessageKind,
    Party,
    Preference,
    PreferenceUpdate,
    Pricing,
    Severity,
    StatusUpdate,
    TemplateChange,
    TemplateUpdate,
    UnknownChange,
)
from conversations.channels.whatsapp.payloads import parse
from tests.conversations.channels import examples as ex

AT = datetime.fromtimestamp(ex.SENT_AT_SECONDS, tz=UTC)


def only(change: dict[str, Any]) -> Any:
    (item,) = parse(ex.raw(ex.delivery(change, time=ex.SENT_AT_SECONDS)))
    return item


def read_status(status: dict[str, Any], *contacts: dict[str, Any]) -> StatusUpdate:
    item = only(ex.statuses(status, contacts=contacts))
    assert isinstance(item, StatusUpdate)
    return item


class TestStatus:
    def test_sent_carries_correlation_recipient_and_price(self) -> None:
        sent = ex.status(pricing=ex.pricing())

        assert read_status(sent, ex.contact()) == StatusUpdate(
            key=f"status:wamid.OURS:sent:{ex.SENT_AT}",
            account_id=ex.ACCOUNT_ID,
            phone_number_id=ex.PHONE_NUMBER_ID,
            message_id="wamid.OURS",
            status=DeliveryStatus.SENT,
            status_name="sent",
            at=AT,
            recipient=Party(ex.ANA, ex.ANA_USER_ID, "", "Ana Lúcia", "ana.lucia"),
            correlation="outbox:123",
            pricing=Pricing("utility", "regular", "PMP", True),
            raw=sent,
        )

    @pytest.mark.parametrize("name", ["sent", "delivered", "read", "played"])
    def test_each_step_is_known_and_without_error(self, name: str) -> None:
        item = read_status(ex.status(name))

        assert (item.status, item.error) == (DeliveryStatus(name), None)

    def test_failed_without_contacts_says_what_to_do(self) -> None:
        item = read_status(ex.failed(131026))

        assert item.status is DeliveryStatus.FAILED
        assert item.recipient == Party(ex.ANA)
        assert item.error is not None
        assert (item.error.code, item.error.remedy) == ("131026", Remedy.CONTACT)
        assert item.error.contact_action is ContactAction.TRY_OTHER_VARIANT
        # What a status reports has happened.
        assert not item.error.ambiguous

    def test_failed_without_reasons_is_an_error_all_the_same(self) -> None:
        item = read_status(ex.status("failed"))

        assert item.error is not None
        assert (item.error.remedy, item.error.is_known) == (Remedy.NEVER, False)

    def test_contact_of_somebody_else_adds_nothing(self) -> None:
        stranger = ex.contact(wa_id="5521999990000", user_id="BR.2")

        assert read_status(ex.status(), stranger).recipient == Party(ex.ANA, ex.ANA_USER_ID)

    def test_sent_by_user_id_has_no_telephone(self) -> None:
        item = read_status(ex.without(ex.status(), "recipient_id"))

        assert item.recipient == Party("", ex.ANA_USER_ID)

    def test_unheard_of_status_is_kept_by_its_name(self) -> None:
        item = read_status(ex.status("warned"))

        assert (item.status, item.status_name) == (DeliveryStatus.OTHER, "warned")

    def test_price_of_an_older_version_has_no_type(self) -> None:
        item = read_status(ex.status(pricing={"category": "service", "billable": "yes"}))

        assert item.pricing == Pricing("service", "", "", None)

    def test_rank_only_climbs_from_sent_to_played(self) -> None:
        order = ["sent", "delivered", "read", "played"]

        assert [DeliveryStatus(name).rank for name in order] == [1, 2, 3, 4]
        assert (DeliveryStatus.FAILED.rank, DeliveryStatus.OTHER.rank) == (0, 0)


def template(change: dict[str, Any]) -> TemplateUpdate:
    item = only(change)
    assert isinstance(item, TemplateUpdate)
    assert (item.template_id, item.name, item.language) == ("1689556908129832", "lembrete_v1", "pt_BR")
    return item


class TestTemplate:
    def test_approval_has_no_reason(self) -> None:
        item = template(ex.template_status())

        assert (item.change, item.value, item.category) == (TemplateChange.STATUS, "APPROVED", "UTILITY")
        assert (item.reason, item.recommendation, item.at) == ("", "", AT)

    def test_rejection_says_why_and_how_to_repair(self) -> None:
        info = {"reason": "Parece promoção", "recommendation": "Diga a qual fatura se refere"}

        item = template(ex.template_status("REJECTED", "PROMOTIONAL", rejection_info=info))

        assert (item.value, item.reason) == ("REJECTED", "PROMOTIONAL")
        assert item.recommendation == "Diga a qual fatura se refere"

    def test_rejection_without_code_takes_the_words(self) -> None:
        item = template(ex.template_status("REJECTED", None, rejection_info={"reason": "Vago"}))

        assert item.reason == "Vago"

    def test_category_notice_names_the_coming_category(self) -> None:
        item = template(ex.category_notice())

        assert (item.change, item.previous, item.value) == (
            TemplateChange.CATEGORY_NOTICE,
            "UTILITY",
            "MARKETING",
        )
        assert item.at == datetime.fromtimestamp(1_790_086_400, tz=UTC)

    def test_category_change_names_both(self) -> None:
        item = template(ex.category_changed())

        assert (item.change, item.previous, item.value) == (TemplateChange.CATEGORY, "UTILITY", "MARKETING")

    def test_category_detection_is_a_notice_too(self) -> None:
        found = ex.template_ids(current_category="UTILITY", suggested_category="MARKETING")

        item = template(ex.change("template_correct_category_detection", found))

        assert (item.change, item.previous, item.value) == (
            TemplateChange.CATEGORY_NOTICE,
            "UTILITY",
            "MARKETING",
        )

    def test_quality_names_both_scores(self) -> None:
        item = template(ex.template_quality())

        assert (item.change, item.previous, item.value) == (TemplateChange.QUALITY, "GREEN", "RED")

    def test_components_changed(self) -> None:
        assert template(ex.template_components()).change is TemplateChange.COMPONENTS


def account(change: dict[str, Any]) -> AccountUpdate:
    item = only(change)
    assert isinstance(item, AccountUpdate)
    return item


class TestAccount:
    @pytest.mark.parametrize(
        ("change", "severity", "sentence"),
        [
            (
                ex.account_restriction(),
                Severity.CRITICAL,
                "A Meta restringiu os envios da conta: RESTRICTED_BIZ_INITIATED_MESSAGING.",
            ),
            (
                ex.account_violation(),
                Severity.CRITICAL,
                "A Meta registrou uma violação de política: SCAM.",
            ),
            (ex.throughput_upgrade(), Severity.INFO, "A vazão do número aumentou: TIER_UNLIMITED."),
            (ex.capability(), Severity.INFO, "Limites da conta do WhatsApp: 2000."),
            (
                ex.change("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_1K"}),
                Severity.WARNING,
                "A qualidade do número caiu: TIER_1K.",
            ),
            (
                ex.change("account_alerts", {"alert_severity": "CRITICAL", "alert_type": "X"}),
                Severity.CRITICAL,
                "Alerta da conta do WhatsApp.",
            ),
            (
                ex.change("account_update", {"event": "NEW_THING"}),
                Severity.INFO,
                "Situação da conta do WhatsApp.",
            ),
            (
                ex.change("phone_number_name_update", {"decision": "REJECTED", "rejection_reason": "NONE"}),
                Severity.WARNING,
                "A Meta recusou a análise.",
            ),
        ],
    )
    def test_news_becomes_a_sentence_with_its_weight(
        self, change: dict[str, Any], severity: Severity, sentence: str
    ) -> None:
        item = account(change)

        assert (item.severity, item.sentence, item.at) == (severity, sentence, AT)

    def test_partner_event_names_the_account_inside(self) -> None:
        item = account(ex.partner_removed())

        assert (item.account_id, item.event, item.severity) == ("200", "PARTNER_REMOVED", Severity.CRITICAL)

    def test_number_event_names_the_number(self) -> None:
        assert account(ex.throughput_upgrade()).display_phone_number == ex.DISPLAY_PHONE

    def test_error_beside_no_message_belongs_to_the_account(self) -> None:
        item = account(ex.account_error())

        assert (item.phone_number_id, item.event) == (ex.PHONE_NUMBER_ID, "ERROR")
        assert [error.code for error in item.errors] == ["131042"]
        assert item.sentence == "Há um problema na forma de pagamento da conta do WhatsApp."


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("stop", Preference.STOP),
        ("resume", Preference.RESUME),
        ("signup", Preference.RESUME),
        ("perhaps", Preference.OTHER),
    ],
)
def test_preference_of_a_person(chosen: str, expected: Preference) -> None:
    item = only(ex.preference(chosen))

    assert isinstance(item, PreferenceUpdate)
    assert (item.preference, item.category, item.at) == (expected, "marketing_messages", AT)
    assert item.party == Party(ex.ANA, ex.ANA_USER_ID, "", "Ana Lúcia", "ana.lucia")
    assert item.phone_number_id == ex.PHONE_NUMBER_ID


def test_user_id_update_names_before_and_after() -> None:
    item = only(ex.user_id_update(parent_user_id={"previous": "BR.ENT.1", "current": "BR.ENT.2"}))

    assert isinstance(item, IdentityUpdate)
    assert item.change is IdentityChange.USER_ID
    assert item.before == Party(ex.ANA, ex.ANA_USER_ID, "BR.ENT.1")
    assert item.after == Party(ex.ANA, "BR.777", "BR.ENT.2", "Ana Lúcia", "ana.lucia")
    assert item.at == AT


def test_echo_is_a_message_of_ours_to_the_person() -> None:
    item = only(ex.echo())

    assert isinstance(item, Echo)
    assert item.recipient == Party(ex.ANA, ex.ANA_USER_ID, "", "Ana Lúcia", "ana.lucia")
    assert (item.message.kind, item.message.text) == (MessageKind.TEXT, "Oi Ana, aqui é a Carla")
    assert item.message.sender == Party(ex.DISPLAY_PHONE)
    assert item.key == f"echo:{ex.PHONE_NUMBER_ID}:wamid.ECHO"


@pytest.mark.parametrize(
    "change",
    [
        ex.history(),
        ex.change("hologram_update", {"x": 1}),
        # Known fields with nothing of what they are about.
        ex.change("messages", ex.value()),
        ex.change("user_preferences", ex.value()),
    ],
)
def test_unheard_of_change_is_kept(change: dict[str, Any]) -> None:
    item = only(change)

    assert isinstance(item, UnknownChange)
    assert (item.field_name, item.account_id, item.at) == (change["field"], ex.ACCOUNT_ID, AT)
    assert item.raw == change["value"]
