from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charges import Charge, CountFrom, InvalidTerms, LateChargeTerms, late_charge
from commons.money import ZERO, truncate

CONSUMER = LateChargeTerms()
FROM_ORIGINAL = LateChargeTerms(count_from="original")

amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999.99"), places=2)
due_dates = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
waits = st.integers(min_value=-30, max_value=2000)
legal_terms = st.builds(
    LateChargeTerms,
    fine_percent=st.decimals(min_value=0, max_value=2, places=2),
    interest_percent_month=st.decimals(min_value=0, max_value=1, places=2),
    count_from=st.sampled_from(["adjusted", "original"]),
)


def charge(principal: str, due: str, paid: str, terms: LateChargeTerms = CONSUMER) -> Charge:
    return late_charge(
        principal=Decimal(principal), due_on=date.fromisoformat(due), on=date.fromisoformat(paid), terms=terms
    )


@pytest.mark.parametrize(
    ("principal", "due", "paid", "days", "fine", "interest", "total"),
    [
        ("100.00", "2026-11-10", "2026-11-15", 5, "2.00", "0.16", "102.16"),
        ("150.25", "2026-11-04", "2026-11-21", 17, "3.00", "0.85", "154.10"),
        ("349.90", "2026-10-07", "2026-11-21", 45, "6.99", "5.24", "362.13"),
        ("89.90", "2026-11-20", "2026-11-23", 0, "0.00", "0.00", "89.90"),
        ("89.90", "2026-11-20", "2026-11-24", 1, "1.79", "0.02", "91.71"),
        ("10.00", "2021-02-27", "2021-03-01", 0, "0.00", "0.00", "10.00"),
        ("10.00", "2021-02-27", "2021-03-02", 1, "0.20", "0.00", "10.20"),
        ("30000.00", "2024-09-04", "2024-09-05", 1, "600.00", "10.00", "30610.00"),
        ("1234.56", "2026-01-31", "2026-11-21", 292, "24.69", "120.16", "1379.41"),
        # Dividing before multiplying would give 0.99 of interest.
        ("100.00", "2026-10-22", "2026-11-21", 30, "2.00", "1.00", "103.00"),
    ],
)
def test_late_charge_of_a_known_case_is_exact_to_the_cent(
    principal: str, due: str, paid: str, days: int, fine: str, interest: str, total: str
) -> None:
    found = charge(principal, due, paid)

    assert (found.days_late, found.fine, found.interest, found.total) == (
        days,
        Decimal(fine),
        Decimal(interest),
        Decimal(total),
    )


def test_late_charge_counted_from_the_original_date_includes_the_weekend() -> None:
    on_time = charge("10.00", "2021-02-27", "2021-03-01", FROM_ORIGINAL)
    late = charge("10.00", "2021-02-27", "2021-03-02", FROM_ORIGINAL)

    assert (on_time.days_late, on_time.total) == (0, Decimal("10.00"))
    assert (late.days_late, late.fine, late.interest, late.total) == (
        3,
        Decimal("0.20"),
        Decimal("0.01"),
        Decimal("10.21"),
    )


def test_late_charge_with_a_local_holiday_rolls_over_it() -> None:
    found = late_charge(
        principal=Decimal("100.00"),
        due_on=date(2026, 12, 31),
        on=date(2027, 1, 4),
        terms=CONSUMER,
        local_holidays=frozenset({date(2026, 12, 31)}),
    )

    assert (found.days_late, found.total) == (0, Decimal("100.00"))


def test_late_charge_before_the_due_date_adds_nothing() -> None:
    found = charge("89.90", "2026-11-25", "2026-11-21")

    assert (found.days_late, found.fine, found.interest, found.total) == (0, ZERO, ZERO, Decimal("89.90"))


def test_memo_of_a_late_invoice_shows_every_step() -> None:
    assert charge("349.90", "2026-10-07", "2026-11-21").memo == (
        "Valor original: R$ 349,90",
        "Vencimento: 07/10/2026",
        "Calculado para pagamento em 21/11/2026",
        "Dias de atraso: 45",
        "Multa, uma única vez: R$ 349,90 × 2% = R$ 6,99",
        "Juros simples de 1% ao mês: R$ 349,90 × 1% × 45 ÷ 30 = R$ 5,24",
        "Frações de centavo são desprezadas em cada parcela da conta",
        "Total: R$ 362,13",
    )


def test_memo_of_a_rolled_due_date_paid_in_time_says_why_nothing_is_added() -> None:
    assert charge("89.90", "2026-11-20", "2026-11-23").memo == (
        "Valor original: R$ 89,90",
        "Vencimento: 20/11/2026",
        "Vencimento em dia não útil: pode ser pago sem acréscimos até 23/11/2026",
        "Calculado para pagamento em 23/11/2026",
        "Sem atraso: não há multa nem juros",
        "Total: R$ 89,90",
    )


@pytest.mark.parametrize(
    ("count_from", "line"),
    [
        ("adjusted", "Dias de atraso: 1, contados do dia útil seguinte"),
        ("original", "Dias de atraso: 4, contados do vencimento original"),
    ],
)
def test_memo_of_a_rolled_due_date_paid_late_says_where_the_days_start(
    count_from: CountFrom, line: str
) -> None:
    assert charge("89.90", "2026-11-20", "2026-11-24", LateChargeTerms(count_from=count_from)).memo[4] == line


def test_memo_writes_a_rate_without_empty_places() -> None:
    terms = LateChargeTerms(fine_percent=Decimal("1.50"), interest_percent_month=Decimal("0.330"))

    found = charge("100.00", "2026-11-10", "2026-11-12", terms)

    assert found.memo[4:6] == (
        "Multa, uma única vez: R$ 100,00 × 1,5% = R$ 1,50",
        "Juros simples de 0,33% ao mês: R$ 100,00 × 0,33% × 2 ÷ 30 = R$ 0,02",
    )


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"fine_percent": Decimal("2.01")}, "A multa de um contrato de consumo não pode passar de 2%."),
        (
            {"interest_percent_month": Decimal("1.01")},
            "Os juros de um contrato de consumo não podem passar de 1% ao mês.",
        ),
        ({"interest_days": 29}, "Os juros de um contrato de consumo não podem passar de 1% ao mês."),
        ({"interest_days": 0}, "O mês de juros precisa ter ao menos um dia."),
        ({"fine_percent": Decimal(-1)}, "Multa e juros não podem ser negativos."),
        ({"count_from": "today"}, "Os dias de atraso contam do vencimento ajustado ou do original."),
    ],
)
def test_terms_beyond_the_law_are_refused(terms: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidTerms) as refusal:
        LateChargeTerms(**terms)  # type: ignore[arg-type]  # wrong on purpose

    assert str(refusal.value) == sentence


def test_terms_between_companies_may_exceed_the_consumer_limits() -> None:
    terms = LateChargeTerms(
        fine_percent=Decimal(10), interest_percent_month=Decimal(3), business_contract=True
    )

    assert charge("1000.00", "2026-11-10", "2026-11-20", terms).total == Decimal("1110.00")


@pytest.mark.parametrize("principal", ["-0.01", "10.001"])
def test_late_charge_of_something_that_is_not_an_amount_is_refused(principal: str) -> None:
    with pytest.raises(ValueError, match=r"a principal is never negative|more than two places"):
        charge(principal, "2026-11-10", "2026-11-20")


@given(principal=amounts, due_on=due_dates, wait=waits, terms=legal_terms)
def test_components_are_never_negative_and_sum_to_the_total(
    principal: Decimal, due_on: date, wait: int, terms: LateChargeTerms
) -> None:
    found = late_charge(principal=principal, due_on=due_on, on=due_on + timedelta(wait), terms=terms)

    assert min(found.fine, found.interest, Decimal(found.days_late)) >= 0
    assert found.total == principal + found.fine + found.interest
    assert found.total.as_tuple().exponent == -2


@given(principal=amounts, due_on=due_dates, wait=waits, terms=legal_terms)
def test_total_never_falls_from_one_day_to_the_next(
    principal: Decimal, due_on: date, wait: int, terms: LateChargeTerms
) -> None:
    on = due_on + timedelta(wait)

    today = late_charge(principal=principal, due_on=due_on, on=on, terms=terms)
    tomorrow = late_charge(principal=principal, due_on=due_on, on=on + timedelta(1), terms=terms)

    assert tomorrow.total >= today.total
    assert tomorrow.days_late >= today.days_late


@given(principal=amounts, due_on=due_dates, wait=st.integers(min_value=8, max_value=2000), terms=legal_terms)
def test_fine_is_charged_once_and_never_above_two_percent(
    principal: Decimal, due_on: date, wait: int, terms: LateChargeTerms
) -> None:
    # No chain of closed days lasts eight days: from then on the payer is late.
    found = late_charge(principal=principal, due_on=due_on, on=due_on + timedelta(wait), terms=terms)

    assert found.fine == truncate(principal * terms.fine_percent / 100)
    assert found.fine <= principal * 2 / 100


@given(principal=amounts, due_on=due_dates, months=st.integers(min_value=1, max_value=60))
def test_interest_of_whole_months_is_simple(principal: Decimal, due_on: date, months: int) -> None:
    on_time = late_charge(principal=principal, due_on=due_on, on=due_on, terms=FROM_ORIGINAL)
    later = due_on + timedelta(30 * months)
    found = late_charge(principal=principal, due_on=due_on, on=later, terms=FROM_ORIGINAL)

    assert on_time.interest == 0
    assert found.interest == truncate(principal * months / 100)
