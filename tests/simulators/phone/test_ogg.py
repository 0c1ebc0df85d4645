import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.phone.ogg import NotARecordingError, duration_ms, ogg_from_webm

HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 312, 48000, 0, 0)
# Configuration 31 is one 20 ms frame.
TWENTY_MS = bytes([31 << 3])


def element(identifier: bytes, payload: bytes) -> bytes:
    return identifier + (0x10000000 | len(payload)).to_bytes(4, "big") + payload


def webm(packets: list[bytes], *, codec: bytes = b"A_OPUS", live: bool = False) -> bytes:
    entry = element(b"\x86", codec) + element(b"\x63\xa2", HEAD)
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", entry))
    blocks = b"".join(element(b"\xa3", b"\x81\x00\x00\x80" + packet) for packet in packets)
    unknown = b"\x01\xff\xff\xff\xff\xff\xff\xff"
    cluster = b"\x1f\x43\xb6\x75" + unknown + blocks if live else element(b"\x1f\x43\xb6\x75", blocks)
    segment = b"\x18\x53\x80\x67" + unknown + tracks + cluster
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x86\x81\x01") + (
        segment if live else element(b"\x18\x53\x80\x67", tracks + cluster)
    )


def read_ogg(raw: bytes) -> tuple[list[bytes], list[int], list[int]]:
    """Return packets, granule positions and flags by page, read by the format's own rules."""
    packets: list[bytes] = []
    granules, flags = [], []
    place, open_packet, number = 0, b"", 0
    while place < len(raw):
        magic, _version, flag, granule, _serial, sequence, checksum, count = struct.unpack_from(
            "<4sBBqIIIB", raw, place
        )
        assert (magic, sequence) == (b"OggS", number)
        table = raw[place + 27 : place + 27 + count]
        end = place + 27 + count + sum(table)
        page = raw[place:end]
        assert crc(page[:22] + bytes(4) + page[26:]) == checksum
        cursor = place + 27 + count
        for length in table:
            open_packet += raw[cursor : cursor + length]
            cursor += length
            if length < 255:
                packets.append(open_packet)
                open_packet = b""
        granules.append(granule)
        flags.append(flag)
        place, number = end, number + 1
    return packets, granules, flags


def crc(page: bytes) -> int:
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (0x04C11DB7 if register & 0x80000000 else 0)
            register &= 0xFFFFFFFF
    return register


@given(
    st.lists(st.binary(min_size=1, max_size=700).map(lambda tail: TWENTY_MS + tail), min_size=1, max_size=90),
    st.booleans(),
)
def test_every_packet_comes_out_as_it_went_in(packets: list[bytes], live: bool) -> None:
    found, granules, flags = read_ogg(ogg_from_webm(webm(packets, live=live)))

    assert (found[0], found[1][:8], found[2:]) == (HEAD, b"OpusTags", packets)
    assert (flags[0], flags[-1]) == (2, 4)
    assert granules[-1] == len(packets) * 960
    assert granules == sorted(granules)


@pytest.mark.parametrize(
    ("packet", "milliseconds"),
    [
        (bytes([31 << 3]), 20),
        (bytes([16 << 3]), 2.5),
        (bytes([3 << 3]), 60),
        (bytes([31 << 3 | 1]), 40),
        (bytes([31 << 3 | 3, 3]), 60),
    ],
)
def test_a_packet_tells_how_long_it_sounds(packet: bytes, milliseconds: float) -> None:
    assert duration_ms(packet) == milliseconds


@pytest.mark.parametrize(
    "raw",
    [b"", b"RIFF....WAVE", webm([TWENTY_MS], codec=b"V_VP8"), webm([]), b"\x00" * 20],
)
def test_what_is_no_recording_is_refused(raw: bytes) -> None:
    with pytest.raises(NotARecordingError):
        ogg_from_webm(raw)
