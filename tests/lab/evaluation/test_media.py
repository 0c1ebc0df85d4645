"""Files that members send: valid for whoever opens them, and no two alike."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest

from lab.evaluation import media

RECEIPT: dict[str, Any] = {
    "kind": "receipt",
    "fields": {"amount": "247.24", "paid_at": "2026-11-23"},
    "text": "Comprovante",
}


def test_picture_is_a_png_whose_chunks_check() -> None:
    data = media.picture("a/1")
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    tags, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 4 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(body),)
        tags.append(body[:4])
        at += 12 + length
    assert tags == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]


def test_recording_is_an_ogg_of_three_pages_that_ends_after_a_second() -> None:
    data = media.recording("a/1")
    pages = [b"OggS" + page for page in data.split(b"OggS")[1:]]
    flags = [page[5] for page in pages]
    (samples,) = struct.unpack("<Q", pages[-1][6:14])
    assert (flags, samples, [page[26 + page[26] + 1 :][:8] for page in pages[:2]]) == (
        [2, 0, 4],
        48_000,
        [b"OpusHead", b"OpusTags"],
    )


def test_checksum_of_an_ogg_page_is_that_of_the_specification() -> None:
    # The polynomial 0x04c11db7 without reflection, initial and final value zero, over one byte.
    assert media._ogg_checksum(b"\x01") == 0x04C11DB7


@pytest.mark.parametrize("make", [media.picture, media.recording])
def test_files_of_two_turns_differ(make: Any) -> None:
    assert make("a/1") == make("a/1")
    assert make("a/1") != make("a/2")


def test_meaning_of_a_picture_travels_beside_it() -> None:
    body = media.message("image", RECEIPT, name="a/1")
    assert (body["type"], body["mime_type"], body["meaning"]) == ("image", "image/png", RECEIPT)
    assert base64.b64decode(body["content"]) == media.picture("a/1")


def test_meaning_of_a_recording_is_what_was_said() -> None:
    heard = {"transcript": "manda o pix", "confidence": 0.9}
    body = media.message("audio", heard, name="a/1")
    assert (body["type"], body["voice"], body["meaning"]) == ("audio", True, heard)


def test_sticker_means_nothing() -> None:
    body = media.message("sticker", True, name="a/1")
    assert (body["type"], body["mime_type"], body["meaning"]) == ("sticker", "image/webp", {})
    assert base64.b64decode(body["content"])[:4] == b"RIFF"
