"""Puts a browser's recording (Opus in WebM) into the container phones send voice in (Opus in Ogg).

Nothing is encoded again: the Opus packets are taken from one container and laid into the other.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

# WebM (EBML) elements that matter here; masters are entered, all others are skipped.
_SEGMENT, _CLUSTER, _BLOCK_GROUP = 0x18538067, 0x1F43B675, 0xA0
_TRACKS, _TRACK_ENTRY = 0x1654AE6B, 0xAE
_MASTERS = frozenset({_SEGMENT, _CLUSTER, _BLOCK_GROUP, _TRACKS, _TRACK_ENTRY})
_CODEC_ID, _CODEC_PRIVATE = 0x86, 0x63A2
_SIMPLE_BLOCK, _BLOCK = 0xA3, 0xA1
_SERIAL = 0x454D4449
_SAMPLES_PER_MS = 48
_PACKETS_PER_PAGE = 40
_PAGE_SEGMENTS = 255
# Milliseconds of one frame, by the configuration number in the first five bits of an Opus packet.
_FRAME_MS = (*((10, 20, 40, 60) * 3), *((10, 20) * 2), *((2.5, 5, 10, 20) * 4))


class NotARecordingError(ValueError):
    """The bytes are no WebM with Opus in it."""


@dataclass
class _Recording:
    head: bytes = b""
    codec: str = ""
    packets: list[bytes] = field(default_factory=list)


def ogg_from_webm(raw: bytes) -> bytes:
    """Return the recording as Ogg Opus. Raises `NotARecordingError`."""
    recording = _Recording()
    try:
        _read(raw, 0, len(raw), recording)
    except IndexError as error:
        raise NotARecordingError("the recording is cut off") from error
    if recording.codec != "A_OPUS" or not recording.packets:
        raise NotARecordingError("no Opus sound in the recording")
    return b"".join(_pages(recording))


def _read(raw: bytes, place: int, end: int, recording: _Recording) -> None:
    while place < end:
        element, place = _number(raw, place, keep_marker=True)
        size, after = _number(raw, place, keep_marker=False)
        # A recording made live leaves the sizes of its outer elements open (all ones): they reach to the end.
        unknown = size == (1 << (7 * (after - place))) - 1
        stop = end if unknown else min(after + size, end)
        if element in _MASTERS:
            _read(raw, after, stop, recording)
        elif element == _CODEC_ID:
            recording.codec = raw[after:stop].decode("ascii", "replace")
        elif element == _CODEC_PRIVATE:
            recording.head = raw[after:stop]
        elif element in {_SIMPLE_BLOCK, _BLOCK}:
            _track, payload = _number(raw, after, keep_marker=False)
            # Behind the track number: two bytes of time, one of flags; browsers do not lace sound.
            recording.packets.append(raw[payload + 3 : stop])
        place = stop


def _number(raw: bytes, place: int, *, keep_marker: bool) -> tuple[int, int]:
    """Read an EBML number of variable length; an element's id keeps its length marker, a size does not."""
    first = raw[place]
    length = 1
    mask = 0x80
    while mask and not first & mask:
        mask >>= 1
        length += 1
    if not mask:
        raise NotARecordingError("not a WebM file")
    value = first if keep_marker else first & (mask - 1)
    for byte in raw[place + 1 : place + length]:
        value = value << 8 | byte
    return value, place + length


def duration_ms(packet: bytes) -> float:
    """Return how long an Opus packet sounds."""
    config, code = packet[0] >> 3, packet[0] & 3
    frames = 1 if code == 0 else 2 if code in {1, 2} else packet[1] & 0x3F
    return _FRAME_MS[config] * frames


def _pages(recording: _Recording) -> Iterator[bytes]:
    head = recording.head or struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 312, 48000, 0, 0)
    vendor = b"simulator"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    yield _page([head], granule=0, number=0, flags=2)
    yield _page([tags], granule=0, number=1, flags=0)
    granule, number = 0.0, 2
    group: list[bytes] = []
    for place, packet in enumerate(recording.packets):
        group.append(packet)
        granule += duration_ms(packet) * _SAMPLES_PER_MS
        last = place == len(recording.packets) - 1
        following = 0 if last else len(recording.packets[place + 1]) // 255 + 1
        used = sum(len(one) // 255 + 1 for one in group)
        if last or len(group) >= _PACKETS_PER_PAGE or used + following > _PAGE_SEGMENTS:
            yield _page(group, granule=int(granule), number=number, flags=4 if last else 0)
            group, number = [], number + 1


def _page(packets: list[bytes], *, granule: int, number: int, flags: int) -> bytes:
    segments = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    header = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, _SERIAL, number, 0, len(segments))
    page = header + segments + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _table() -> list[int]:
    table = []
    for value in range(256):
        register = value << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C11DB7 if register & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(register)
    return table


_CRC = _table()


def _checksum(page: bytes) -> int:
    register = 0
    for byte in page:
        register = (register << 8 ^ _CRC[register >> 24 ^ byte]) & 0xFFFFFFFF
    return register
