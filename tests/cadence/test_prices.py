"""What a message costs on a day: shipped estimates, until somebody writes the real figure."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cadence import prices
from cadence.models import MessagePrice

pytestmark = pytest.mark.django_db

D = Decimal
SHIPPED = {
    ("whatsapp", "utility"): D("0.0374"),
    ("whatsapp", "marketing"): D("0.34375"),
    ("email", ""): D("0.0010"),
    ("sms", ""): D("0.0900"),
}
UTILITY = ("whatsapp", "utility")


def price(
    per_thousand: str, since: date, channel: str = "whatsapp", category: str = "utility"
) -> MessagePrice:
    return MessagePrice.objects.create(
        channel=channel, category=category, per_thousand=D(per_thousand), valid_from=since, source="fatura"
    )


def test_estimates_are_there_once_and_say_that_they_are_estimates():
    for _ in range(2):
        prices.ensure_shipped()

    assert prices.in_force(on=date(2026, 10, 1)) == SHIPPED
    assert MessagePrice.objects.count() == len(SHIPPED)
    assert {row.source for row in MessagePrice.objects.all()} == {
        "estimativa a partir da tabela da Meta em dólar; confira na sua fatura"
    }


def test_figure_that_somebody_wrote_is_not_touched():
    own = price("29.00", date(2026, 11, 1))

    prices.ensure_shipped()

    assert [row.pk for row in MessagePrice.objects.filter(channel="whatsapp", category="utility")] == [own.pk]
    assert prices.in_force(on=date(2026, 11, 24)) == SHIPPED | {UTILITY: D("0.0290")}


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (date(2026, 10, 31), "0.0374"),
        (date(2026, 11, 1), "0.0290"),
        (date(2026, 12, 31), "0.0290"),
        (date(2027, 1, 1), "0.0310"),
    ],
)
def test_later_price_replaces_the_earlier_from_its_day_on(on: date, amount: str):
    prices.ensure_shipped()
    price("31.00", date(2027, 1, 1))
    price("29.00", date(2026, 11, 1))

    assert prices.in_force(on=on)[UTILITY] == D(amount)


def test_before_its_day_a_price_is_not_known():
    prices.ensure_shipped()

    assert prices.in_force(on=date(2026, 9, 30)) == {}


@pytest.mark.parametrize(("amount", "rule"), [("50.00", "one_price_a_day"), ("-0.01", "not_negative")])
def test_database_refuses_a_second_price_of_a_day_and_one_below_zero(amount: str, rule: str):
    price("29.00", date(2026, 11, 1))
    since = date(2026, 11, 1) if rule == "one_price_a_day" else date(2026, 11, 2)

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        price(amount, since)
