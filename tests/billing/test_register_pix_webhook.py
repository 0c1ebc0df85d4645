from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing import gateways
from tests.factories.commons import OrganisationFactory
from tests.simulators.pix.world import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation(settings):
    settings.PUBLIC_URL = "https://emdia.example.org"
    settings.PIX_WEBHOOK_SECRET = "a-secret"
    return OrganisationFactory(pix_key="")


def run() -> str:
    output = StringIO()
    call_command("register_pix_webhook", stdout=output)
    return output.getvalue()


def test_bank_learns_where_to_call(bank):
    assert run() == "O banco vai avisar cada Pix recebido na chave da organização.\n"
    url = gateways.pix_api_client().get_webhook(key=KEY)
    assert url == "https://emdia.example.org/webhooks/pix/a-secret"


def test_without_secret_nothing_is_registered(bank, settings):
    settings.PIX_WEBHOOK_SECRET = ""
    with pytest.raises(CommandError, match="PIX_WEBHOOK_SECRET"):
        run()
    assert gateways.pix_api_client().get_webhook(key=KEY) is None


def test_refusal_of_the_bank_is_told_in_its_sentence(bank):
    bank.control("fail", status=403)
    with pytest.raises(CommandError, match="banco"):
        run()


def test_without_an_api_there_is_nobody_to_tell():
    with pytest.raises(CommandError, match="não está configurada"):
        run()
