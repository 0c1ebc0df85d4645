"""Tells the bank where to call when a Pix arrives."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from billing import gateways
from commons.http import ProviderError


class Command(BaseCommand):
    help = "Registra no banco o endereço que recebe os avisos de Pix (um por chave Pix)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.PIX_WEBHOOK_SECRET:
            raise CommandError("Defina PIX_WEBHOOK_SECRET: é o segredo no endereço dos avisos.")
        # The bank appends /pix by itself.
        url = f"{settings.PUBLIC_URL}/webhooks/pix/{settings.PIX_WEBHOOK_SECRET}"
        try:
            gateways.pix_api_client().put_webhook(key=gateways.pix_key(), url=url)
        except ProviderError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("O banco vai avisar cada Pix recebido na chave da organização.")
