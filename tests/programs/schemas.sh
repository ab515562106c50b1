#!/bin/bash
# The schemas in docs/schema are valid themselves, accept a good document of their kind and refuse a bad one.
# tml-test: TIMEOUT 60
set -eu
: "${TML_SOURCE:?}" "${TML_PYTHON:?}"
if ! "$TML_PYTHON" -c 'import jsonschema' 2>/dev/null; then
    echo "skipped: python3-jsonschema is not installed"
    exit 77
fi
PYTHONDONTWRITEBYTECODE=1 exec "$TML_PYTHON" "$TML_SOURCE/tests/tools/check_schemas.py" "$TML_SOURCE/docs/schema"
