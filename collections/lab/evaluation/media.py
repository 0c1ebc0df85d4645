"""Files that members send, made small and valid. What they mean travels beside them, for the model server."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

# A frame of twenty milliseconds of silence, and how many of them a recording has.
_SILENCE = b"\xf8\xff\xfe"
_FRAMES = 50
_SAMPLES_PER_FRAME = 960
_SERIAL = 0x456D4461
# One transparent pixel, losslessly.
_STICKER = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
_PICTURE_SIDE = 48
_OGG_POLYNOMIAL = 0x04C11DB7


def message(kind: str, value: Any, *, name: str) -> dict[str, Any]:
    """The body for the phone's control. `name` makes the file unlike every other one of the run."""
    if kind == "audio":
        return _file("audio", recording(name), "audio/ogg; codecs=opus", meaning=dict(value)) | {
            "voice": True
        }
    if kind == "image":
        meaning = {
            "kind": value["kind"],
            "fields": dict(value.get("fields", {})),
            "text": value.get("text", ""),
        }
        return _file("image", picture(name), "image/png", meaning=meaning)
    return _file("sticker", _STICKER, "image/webp", meaning={})


def picture(name: str) -> bytes:
    """A grey square as PNG, with `name` as its comment."""
    row = b"\x00" + bytes([200]) * _PICTURE_SIDE
    header = struct.pack(">IIBBBBB", _PICTURE_SIDE, _PICTURE_SIDE, 8, 0, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"tEXt", b"Comment\x00" + name.encode("latin-1", "replace")),
        (b"IDAT", zlib.compress(row * _PICTURE_SIDE)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
        for tag, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def recording(name: str) -> bytes:
    """A second of silence as Ogg Opus, with `name` as its comment (RFC 3533, RFC 7845)."""
    comment = name.encode()
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<II", 1, len(comment)) + comment
    return (
        _page(0, [head], position=0, flags=2)
        + _page(1, [tags], position=0, flags=0)
        + _page(2, [_SILENCE] * _FRAMES, position=_FRAMES * _SAMPLES_PER_FRAME, flags=4)
    )


def _page(number: int, packets: list[bytes], *, position: int, flags: int) -> bytes:
    lengths = b"".join(bytes([255] * (len(p) // 255) + [len(p) % 255]) for p in packets)
    header = struct.pack("<4sBBQIIIB", b"OggS", 0, flags, position, _SERIAL, number, 0, len(lengths))
    page = header + lengths + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_checksum(page)) + page[26:]


def _ogg_checksum(page: bytes) -> int:
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (_OGG_POLYNOMIAL if register & 0x80000000 else 0)
            register &= 0xFFFFFFFF
    return register


def _file(kind: str, content: bytes, mime_type: str, *, meaning: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        "content": base64.b64encode(content).decode("ascii"),
        "mime_type": mime_type,
        "meaning": meaning,
    }
