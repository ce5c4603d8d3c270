"""A voice as Telegram sends it: Opus in Ogg, a second of silence, made here byte by byte."""

from __future__ import annotations

import struct

RATE, FRAME = 48_000, 960  # samples a second, and in 20 ms
SILENT = b"\xf8\xff\xfe"  # an Opus packet of 20 ms without a sound


def voice(seconds: int = 1) -> bytes:
    """The file."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    packets = [SILENT] * (seconds * RATE // FRAME)
    return _page([head], 0, 0, 2) + _page([tags], 1, 0, 0) + _page(packets, 2, seconds * RATE, 4)


def _page(packets: list[bytes], number: int, position: int, kind: int) -> bytes:
    """A page of the container with whole packets; `kind`: 2 the first, 4 the last."""
    header = b"OggS" + struct.pack("<BBqIIIB", 0, kind, position, 7, number, 0, len(packets))
    made = header + bytes(len(p) for p in packets) + b"".join(packets)
    return made[:22] + struct.pack("<I", _sum(made)) + made[26:]


def _sum(page: bytes) -> int:
    """Ogg's own check sum: CRC-32 with the polynomial 04C11DB7, neither turned round nor inverted."""
    total = 0
    for byte in page:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ 0x04C11DB7) if total & 0x80000000 else total << 1
        total &= 0xFFFFFFFF
    return total
