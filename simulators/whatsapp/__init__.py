"""The WhatsApp Cloud API: the business's side over HTTP, the people's by control and phone page."""

from simulators.whatsapp.system import build

__all__ = ["build"]
