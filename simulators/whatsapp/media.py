"""Files: uploads of the business (kept 30 days), what people send (7 days), short-lived addresses."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulators.context import Context
from simulators.store import Document
from simulators.whatsapp.errors import GraphError, unknown_object
from simulators.whatsapp.identifiers import numeric_id

_KIND = "whatsapp.media"
_ADDRESSES = "whatsapp.addresses"
KEPT_UPLOADED = timedelta(days=30)
KEPT_RECEIVED = timedelta(days=7)
# Real time: whoever follows an address does so in real time, however fast the business day goes by.
ADDRESS_SECONDS = 300.0
_MB = 1024 * 1024

_OFFICE = "application/vnd.openxmlformats-officedocument."
ALLOWED: dict[str, tuple[int, tuple[str, ...]]] = {
    "image": (5 * _MB, ("image/jpeg", "image/png")),
    "audio": (16 * _MB, ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus")),
    "video": (16 * _MB, ("video/mp4", "video/3gpp")),
    "sticker": (500 * 1024, ("image/webp",)),
    "document": (
        100 * _MB,
        (
            "application/pdf",
            "text/plain",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{_OFFICE}wordprocessingml.document",
            f"{_OFFICE}spreadsheetml.sheet",
            f"{_OFFICE}presentationml.presentation",
        ),
    ),
}


def base_type(mime_type: str) -> str:
    """Return the type without its parameters: `audio/ogg; codecs=opus` is `audio/ogg`."""
    return mime_type.split(";", 1)[0].strip().lower()


def kinds_of(mime_type: str) -> list[str]:
    """Return the message types a file of that type may be sent as."""
    return [kind for kind, (_limit, types) in ALLOWED.items() if base_type(mime_type) in types]


class MediaStore:
    """Files by id. The bytes lie in `DATA_DIR`/simulators-media, what is known of them in the store."""

    def __init__(self, context: Context, *, real_time: Callable[[], float] = time.time) -> None:
        """Keep files beside the store."""
        self._store = context.store
        self._clock = context.clock
        self._settings = context.settings
        self._folder: Path = context.settings.data_dir / "simulators-media"
        self._real_time = real_time

    def upload(self, raw: bytes, mime_type: str, filename: str) -> str:
        """Take a file from the business.

        Raises `GraphError` 100 for a type or size the network does not take.
        """
        kinds = kinds_of(mime_type)
        if not kinds:
            raise GraphError(
                100,
                f"Param file must be a file with one of the following types: {', '.join(_all_types())}."
                f" Received file of type '{base_type(mime_type)}'.",
            )
        limit = max(ALLOWED[kind][0] for kind in kinds)
        if not 0 < len(raw) <= limit:
            raise GraphError(100, f"Param file must be at most {limit} bytes and not empty.")
        return str(
            self._keep(raw, base_type(mime_type), filename, owner="business", kept=KEPT_UPLOADED)["id"]
        )

    def receive(
        self, raw: bytes, mime_type: str, filename: str = "", *, meaning: dict[str, Any] | None = None
    ) -> Document:
        """Take a file from a person. `meaning` is what a person would hear or see in it."""
        return self._keep(raw, mime_type, filename, owner="person", kept=KEPT_RECEIVED, meaning=meaning or {})

    def _keep(
        self,
        raw: bytes,
        mime_type: str,
        filename: str,
        *,
        owner: str,
        kept: timedelta,
        meaning: dict[str, Any] | None = None,
    ) -> Document:
        identifier = numeric_id()
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / identifier).write_bytes(raw)
        doc = {
            "id": identifier,
            "mime_type": mime_type,
            "filename": filename,
            "size": len(raw),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "owner": owner,
            "expires_at": (self._clock.now() + kept).isoformat(),
            "meaning": meaning or {},
        }
        self._store.put(_KIND, identifier, doc)
        return doc

    def get(self, identifier: str) -> Document | None:
        """Return what is known of a file, or None when it never was or is past its time."""
        doc = self._store.get(_KIND, identifier)
        if doc is None or datetime.fromisoformat(doc["expires_at"]) <= self._clock.now():
            return None
        return doc

    def read(self, identifier: str) -> bytes | None:
        """Return the bytes of a file, for the phone that shows it, for as long as the chat lives."""
        try:
            return (self._folder / _safe(identifier)).read_bytes()
        except OSError:
            return None

    def known(self, identifier: str) -> Document | None:
        """Return what was known of a file even when the network has given it up: the phone still has it."""
        return self._store.get(_KIND, identifier)

    def delete(self, identifier: str) -> None:
        """Delete a file. Raises `GraphError` for an unknown id."""
        if self.get(identifier) is None:
            raise unknown_object(identifier, "delete")
        self._store.delete(_KIND, identifier)
        (self._folder / _safe(identifier)).unlink(missing_ok=True)

    def address(self, identifier: str) -> str:
        """Return a new address to download the file from, good for five minutes and only with the token."""
        token = secrets.token_urlsafe(24)
        until = self._real_time() + ADDRESS_SECONDS
        self._store.put(_ADDRESSES, token, {"media": identifier, "until": until})
        return f"{self._settings.own_url}/whatsapp/lookaside/{token}"

    def follow(self, token: str) -> tuple[Document, bytes] | None:
        """Return the file behind an address, or None when the address or the file is past its time."""
        doc = self._store.get(_ADDRESSES, token)
        if doc is None or doc["until"] < self._real_time():
            return None
        media = self.get(doc["media"])
        raw = None if media is None else self.read(media["id"])
        return None if media is None or raw is None else (media, raw)

    def lookup(self, identifier: str) -> dict[str, Any]:
        """Return the answer to `GET /{media_id}`. Raises `GraphError` for an unknown id."""
        doc = self.get(identifier)
        if doc is None:
            raise unknown_object(identifier, "get")
        return {
            "messaging_product": "whatsapp",
            "url": self.address(identifier),
            "mime_type": doc["mime_type"],
            "sha256": doc["sha256"],
            "file_size": str(doc["size"]),
            "id": identifier,
        }

    def webhook_object(self, doc: Document) -> dict[str, Any]:
        """Return the media object of an inbound message; there the hash is base64."""
        digest = base64.b64encode(bytes.fromhex(doc["sha256"])).decode()
        return {
            "mime_type": doc["mime_type"],
            "sha256": digest,
            "id": doc["id"],
            "url": self.address(doc["id"]),
        }

    def by_sha256(self, sha256: str) -> Document | None:
        """Return what is known of the file with this hash (hex), newest first."""
        return next((doc for doc in reversed(self._store.all(_KIND)) if doc["sha256"] == sha256), None)

    def forget(self) -> None:
        """Remove all files."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                path.unlink(missing_ok=True)


def _all_types() -> list[str]:
    return [mime for _limit, types in ALLOWED.values() for mime in types]


def _safe(identifier: str) -> str:
    """Return the id as a file name; anything but digits names no file of ours."""
    return identifier if identifier.isdigit() else "none"
