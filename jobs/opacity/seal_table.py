#!/usr/bin/env python3
"""Write the digest of an HDF5 file into its user block, as telescopeml does with the files it writes itself.

usage: seal_table.py FILE.h5

The file must have been made with a user block of 512 bytes (h5py.File(..., userblock_size=512)) and be closed.
Digest: XXH3-128 over the XXH3-128 of each block of 64 MiB behind the user block (io/file_digest.h).
"""

import ctypes
import ctypes.util
import sys

USER_BLOCK = 512
DIGEST_BLOCK = 64 << 20


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def digest(library, data):
    """XXH3-128 in canonical (big-endian) order."""
    value = library.XXH3_128bits(data, len(data))
    return value.high.to_bytes(8, "big") + value.low.to_bytes(8, "big")


def main(path):
    library = ctypes.CDLL(ctypes.util.find_library("xxhash") or "libxxhash.so.0")
    library.XXH3_128bits.restype = Hash128
    library.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    with open(path, "r+b") as file:
        if b"\x89HDF\r\n\x1a\n" == file.read(8):
            sys.exit(f"{path}: has no user block; make it with h5py.File(..., userblock_size={USER_BLOCK})")
        file.seek(USER_BLOCK)
        parts = b"".join(digest(library, block) for block in iter(lambda: file.read(DIGEST_BLOCK), b""))
        line = f"telescopeml-digest 1 xxh3-128 {digest(library, parts).hex()}\n".encode()
        file.seek(0)
        file.write(line.ljust(USER_BLOCK, b"\0"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
