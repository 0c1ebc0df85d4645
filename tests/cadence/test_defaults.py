import pytest

from cadence.defaults import STEPS, ensure_defaults
from cadence.models import Cadence, CadenceVersion, Step
from cadence.texts import NEUTRAL_STAGE
from conversations.models import MessageTemplate
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db


def test_fresh_installation_gets_a_live_regua_with_a_text_for_every_step():
    version = ensure_defaults(now=NOW)

    assert (version.status, version.published_at, version.number) == ("live", NOW, 1)
    assert list(version.steps.order_by("offset_days").values_list("key", "offset_days")) == [
        (key, offset) for key, _, offset, _, _ in STEPS
    ]
    stages = set(MessageTemplate.objects.values_list("stage", flat=True))
    assert {step.stage for step in version.steps.all()} | {NEUTRAL_STAGE} <= stages


def test_nothing_is_approved_before_the_provider_says_so():
    ensure_defaults(now=NOW)

    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"DRAFT"}


def test_what_people_changed_is_left_as_it_is():
    ensure_defaults(now=NOW)
    Step.objects.filter(key="depois-2").update(offset_days=4)
    Step.objects.filter(key="depois-7").delete()
    MessageTemplate.objects.filter(name="late_1_7_v1", language="pt_BR").update(body="Outro texto, {{nome}}.")

    ensure_defaults(now=NOW)

    assert Step.objects.get(key="depois-2").offset_days == 4
    assert not Step.objects.filter(key="depois-7").exists()
    assert MessageTemplate.objects.get(name="late_1_7_v1", language="pt_BR").body == "Outro texto, {{nome}}."
    assert (Cadence.objects.count(), CadenceVersion.objects.count()) == (1, 1)
