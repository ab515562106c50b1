#!/usr/bin/env python3
"""Make a PNG small: few colours, chosen by median cut (Heckbert 1982), as a palette.

usage: small_png.py IN.png OUT.png [MOST_BYTES]

From 128 colours downwards until the file has at most MOST_BYTES (default 60000). IN: 8 bits, RGB or RGBA without
interlace, as rsvg-convert writes it. Exit code 1 when even 8 colours are too large.
"""
import collections
import pathlib
import struct
import sys
import zlib


def unpack(path):
    """Width, height and the pixels as tuples of red, green, blue."""
    data = pathlib.Path(path).read_bytes()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[at + 8:at + 21])
            assert depth == 8 and colour in (2, 6) and interlace == 0, f"{path}: not a plain PNG"
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += length + 12
    size = 3 if colour == 2 else 4
    raw, above, pixels = zlib.decompress(packed), bytearray(width * size), []
    for y in range(height):
        start = y * (width * size + 1)
        how, row = raw[start], bytearray(raw[start + 1:start + 1 + width * size])
        for i in range(width * size if how else 0):
            a = row[i - size] if i >= size else 0
            b, c = above[i], above[i - size] if i >= size else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, nearest)[how]) & 255
        pixels += [tuple(row[i:i + 3]) for i in range(0, width * size, size)]
        above = row
    return width, height, pixels


def palette_of(counts, most):
    """Boxes of colours, cut at the weighted median of their longest side; each becomes its mean."""
    boxes = [list(counts)]
    while len(boxes) < most:
        spans = [max((max(c[k] for c in box) - min(c[k] for c in box), k) for k in range(3)) for box in boxes]
        weight = [span * (sum(counts[c] for c in box) ** 0.5) for (span, _), box in zip(spans, boxes)]
        worst = max(range(len(boxes)), key=weight.__getitem__)
        if weight[worst] == 0:
            break
        box = sorted(boxes.pop(worst), key=lambda c: c[spans[worst][1]])
        half, passed, cut = sum(counts[c] for c in box) / 2, 0, 1
        for cut, colour in enumerate(box[:-1], 1):
            passed += counts[colour]
            if passed >= half:
                break
        boxes += [box[:cut], box[cut:]]
    palette, place = [], {}
    for number, box in enumerate(boxes):
        total = sum(counts[c] for c in box)
        palette.append(tuple(round(sum(c[k] * counts[c] for c in box) / total) for k in range(3)))
        place.update((c, number) for c in box)
    return palette, place


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(width, height, pixels, palette, place):
    bits = next(b for b in (1, 2, 4, 8) if len(palette) <= 1 << b)
    per_byte, rows = 8 // bits, bytearray()
    for y in range(height):
        row = [place[pixel] for pixel in pixels[y * width:(y + 1) * width]]
        rows.append(0)
        for i in range(0, width, per_byte):
            part = row[i:i + per_byte] + [0] * (per_byte - len(row[i:i + per_byte]))
            byte = 0
            for index in part:
                byte = byte << bits | index
            rows.append(byte)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 3, 0, 0, 0)) +
            chunk(b"PLTE", b"".join(bytes(c) for c in palette)) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) +
            chunk(b"IEND", b""))


def main():
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 64
    most = int(sys.argv[3]) if len(sys.argv) == 4 else 60000
    width, height, pixels = unpack(sys.argv[1])
    counts = collections.Counter(pixels)
    for colours in (128, 64, 32, 16, 8):
        data = pack(width, height, pixels, *palette_of(counts, colours))
        if len(data) <= most:
            pathlib.Path(sys.argv[2]).write_bytes(data)
            return 0
    print(f"{sys.argv[1]}: {len(data)} bytes with 8 colours, more than {most}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
