"""What a step says: the invoices by name, every variable or a clear lack of it, and only dates that hold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charges import LateChargeTerms
from billing.models import Invoice
from billing.owed import Balance, LedgerFacts, invoice_balance
from cadence import approvals, texts
from cadence.engine.traits import History
from cadence.models import StepApproval
from cadence.texts import Wanted
from commons.models import Organisation
from compliance.content.facts import ConsequenceKind
from conversations.models import MessageTemplate
from conversations.stages import Stage
from conversations.variables import VARIABLES
from members import services as members
from members.enums import PreferenceSource
from members.models import ContactPoint, Member
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed, house
from tests.cases.world import NOW
from tests.factories.commons import OrganisationFactory

D = Decimal
DAY = timedelta(days=1)
TERMS = LateChargeTerms(fine_percent=D("2.00"), interest_percent_month=D("1.00"), interest_days=30)


def balance(*dues: date, amount: str = "119.90", on: date = TODAY) -> Balance:
    """What invoices due on `dues` ask for; nothing of it is stored."""
    lines = tuple(
        invoice_balance(
            invoice=Invoice(description=f"Mensalidade {due:%m/%Y}", due_date=due, original_due_date=due),
            facts=LedgerFacts(principal=D(amount)),
            on=on,
            terms=TERMS,
        )
        for due in dues
    )
    return Balance.of(lines, as_of=on)


def wanted(stage: str, *, history: History = History.FIRST_DELAY, signer: str = "") -> Wanted:
    return Wanted(stage=stage, language="pt-BR", history=history, signer=signer)


class TestListing:
    @pytest.mark.parametrize(
        ("dues", "said"),
        [
            ([], ""),
            ([date(2026, 11, 5)], "Mensalidade 11/2026 (vencimento 05/11/2026)"),
            (
                [date(2026, 10, 5), date(2026, 11, 5)],
                "Mensalidade 10/2026 (vencimento 05/10/2026) e Mensalidade 11/2026 (vencimento 05/11/2026)",
            ),
            (
                [date(2026, 9, 4), date(2026, 10, 5), date(2026, 11, 5)],
                "Mensalidade 09/2026 (vencimento 04/09/2026), Mensalidade 10/2026 (vencimento 05/10/2026) e"
                " Mensalidade 11/2026 (vencimento 05/11/2026)",
            ),
        ],
    )
    def test_invoices_are_named_on_one_line(self, dues: list[date], said: str):
        assert texts.listing(balance(*dues)) == said

    @pytest.mark.parametrize(
        ("count", "rest"), [(4, "mais 1 fatura"), (5, "mais 2 faturas"), (30, "mais 27 faturas")]
    )
    def test_of_many_the_oldest_are_named_and_the_rest_counted(self, count: int, rest: str):
        first = date(2024, 1, 5)

        said = texts.listing(balance(*(first + 31 * n * DAY for n in range(count))))

        assert said.endswith(f" e {rest}")
        assert said.count("vencimento") == texts.NAMED_INVOICES

    def test_amount_that_did_not_grow_needs_no_parts(self):
        assert texts.composition(balance(TODAY)) == "R$ 119,90"

    def test_amount_that_grew_is_told_with_its_parts(self):
        said = texts.composition(balance(date(2026, 10, 5), date(2026, 11, 5)))

        assert said == "R$ 239,80, mais R$ 4,78 de multa e R$ 2,74 de juros"

    def test_words_between_figures_are_those_of_the_text_around_them(self):
        owed = balance(date(2026, 10, 5), date(2026, 11, 5))

        assert (
            texts.composition(owed, language="es") == "R$ 239,80, más R$ 4,78 de multa y R$ 2,74 de intereses"
        )
        assert " y " in texts.listing(owed, language="es")


@pytest.mark.django_db
class TestLacking:
    """What validation and rehearsals say is missing is exactly what the real text would lack."""

    @pytest.fixture(autouse=True)
    def _organisation(self) -> None:
        OrganisationFactory()

    @given(
        stage=st.sampled_from(Stage.values),
        signer=st.sampled_from(["", "Marina Alves, do financeiro"]),
        history=st.sampled_from(History),
        ages=st.lists(st.integers(-7, 400), min_size=1, max_size=5),
        country=st.sampled_from(["BR", "MX", "CO"]),
    )
    def test_it_names_what_stays_empty_for_every_stage(
        self, stage: str, signer: str, history: History, ages: list[int], country: str
    ):
        Organisation.objects.update(country=country)
        owed = balance(*(TODAY - age * DAY for age in ages))
        asked = wanted(stage, history=history, signer=signer)

        values = texts.values_of(point=ANA, balance=owed, wanted=asked, now=NOW)

        empty = {name for name in VARIABLES if not values.get(name)}
        is_late = any(line.days_late for line in owed.lines)
        assert texts.lacking(VARIABLES, wanted=asked, is_late=is_late, has_number=False) == empty

    @given(name=st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12))
    def test_name_nobody_knows_is_always_lacking(self, name: str):
        found = texts.lacking([name], wanted=wanted("late_1_7"), is_late=True, has_number=False)

        assert found == ({name} if name not in VARIABLES or name in UNKNOWN else set())


ANA = ContactPoint(member=Member(name="Ana Maria Souza", kind="person"))
UNKNOWN = {
    "assinatura",
    "data_suspensao",
    "data_limite",
    "data",
    "parcela",
    "acordo",
    "situacao",
    "canal_pessoa",
    "link_conversa",
}


@pytest.mark.django_db
class TestDates:
    @pytest.fixture(autouse=True)
    def _organisation(self) -> None:
        OrganisationFactory()

    def test_suspension_leaves_the_days_of_the_norm_after_a_delivery_of_tomorrow(self):
        assert texts.days_said(wanted("suspension_notice"), now=NOW) == {
            "data_suspensao": date(2026, 12, 10)  # 15 days after the 25th
        }

    def test_where_no_norm_gives_the_days_no_suspension_is_announced(self):
        Organisation.objects.update(country="MX")

        assert texts.days_said(wanted("suspension_notice"), now=NOW) == {}

    def test_last_contact_says_until_when_an_answer_is_waited_for(self):
        assert texts.days_said(wanted("late_over_60"), now=NOW) == {"data_limite": TODAY + 10 * DAY}

    @pytest.mark.parametrize("stage", sorted(set(Stage.values) - {"suspension_notice", "late_over_60"}))
    def test_no_other_text_sets_a_date(self, stage: str):
        assert texts.days_said(wanted(stage), now=NOW) == {}


def text(who: Followed, stage: str, *, history: History = History.FIRST_DELAY) -> texts.StepText:
    """The text of a stage for a member who owes one invoice."""
    point = ContactPoint.objects.select_related("member").get(pk=who.point.pk)
    owed = balance(TODAY - 12 * DAY)
    asked = wanted(stage, history=history, signer="Marina Alves, do financeiro")
    return texts.text_for(wanted=asked, point=point, balance=owed, now=NOW)


@pytest.mark.django_db
class TestChosen:
    @pytest.mark.parametrize(
        ("history", "template"),
        [
            (History.FIRST_DELAY, "late_1_7_first_v1"),
            (History.NEW, "late_1_7_first_v1"),
            (History.PUNCTUAL, "late_1_7_first_v1"),
            (History.RECURRENT, "late_1_7_repeat_v1"),
        ],
    )
    def test_words_depend_on_whether_it_is_the_first_time(self, history: History, template: str):
        who = Followed.late(12)

        assert text(who, "late_1_7", history=history).template.name == template

    def test_before_we_know_who_it_is_no_figure_is_known_either(self):
        who = Followed.late(12, confirmed=False)

        said = text(who, "late_1_7")

        assert (said.template.stage, said.facts.amounts, said.facts.charges) == ("identify", frozenset(), ())

    def test_without_an_approved_text_it_says_which(self):
        who = Followed.late(12)
        MessageTemplate.objects.filter(stage="late_1_7").update(status="PAUSED")

        with pytest.raises(texts.NoText, match="não há modelo aprovado para “late_1_7”"):
            text(who, "late_1_7")

    def test_text_that_asks_for_more_than_is_known_says_what(self):
        who = Followed.late(12)
        MessageTemplate.objects.filter(name="late_1_7_first_v1").update(body="Até {{data}}, {{nome}}.")

        with pytest.raises(
            texts.LacksData, match=r"o modelo pede o que não sabemos \(late_1_7_first_v1: data\)"
        ):
            text(who, "late_1_7")


@pytest.mark.django_db
class TestFacts:
    """The gate finds in the facts every figure that the text says, and nothing that it may not say."""

    def test_notice_brings_the_consequence_that_it_announces(self):
        who = Followed.late(12)

        facts = text(who, "suspension_notice").facts

        assert [(each.kind, each.notice_on, each.from_on) for each in facts.consequences] == [
            (ConsequenceKind.SERVICE_SUSPENSION, TODAY, date(2026, 12, 10))
        ]

    def test_any_other_text_brings_none(self):
        who = Followed.late(12)

        facts = text(who, "late_8_30").facts

        assert (facts.consequences, facts.deadlines) == ((), frozenset())

    def test_last_contact_brings_its_deadline(self):
        who = Followed.late(12)

        assert text(who, "late_over_60").facts.deadlines == {TODAY + 10 * DAY}

    def test_suspension_notice_passes_the_gate_and_names_its_date(self):
        house()
        editing.change(editing.live(), "depois-7", offset_days=12, stage="suspension_notice")
        who = Followed.late(12)

        who.plan()

        (message,) = who.messages()
        assert who.decisions() == [("allow", "")]
        assert "o serviço pode ser suspenso a partir de 10/12/2026" in message.body

    def test_same_words_in_a_text_that_is_no_notice_are_stopped(self):
        house()
        notice = MessageTemplate.objects.get(stage="suspension_notice", language="pt_BR")
        MessageTemplate.objects.filter(stage="late_8_30").update(
            body=notice.body.replace("{{data_suspensao}}", "{{vencimento}}")
        )
        who = Followed.late(12)

        who.plan()

        assert ([verdict for verdict, _ in who.decisions()], who.messages()) == (["refuse"], [])

    def test_last_contact_passes_the_gate_in_the_name_of_a_person(self):
        house()
        editing.add(
            editing.live(),
            "depois-65",
            offset_days=65,
            stage="late_over_60",
            state="negotiation",
            needs_person=True,
            signer="Marina Alves, do financeiro",
        )
        who = Followed.late(65)
        who.plan()

        approvals.send(approval_id=StepApproval.objects.get().pk, user=editing.person("marina"), now=NOW)

        (message,) = who.messages()
        assert who.decisions() == [("allow", "")]
        assert "Até 04/12/2026 dá para fazer um acordo por aqui." in message.body

    def test_spanish_reader_gets_the_notice_in_spanish_and_it_passes_too(self):
        house()
        editing.change(editing.live(), "depois-7", offset_days=12, stage="suspension_notice")
        who = Followed.late(12)
        members.set_preference(
            member=who.member, source=PreferenceSource.DECLARED, actor="member", now=NOW, language="es"
        )

        who.plan()

        (message,) = who.messages()
        assert (message.template is not None and message.template.language, who.decisions()) == (
            "es",
            [("allow", "")],
        )
