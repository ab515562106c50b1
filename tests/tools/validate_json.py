#!/usr/bin/env python3
"""Check a JSON document against a schema of docs/schema.

usage: validate_json.py SCHEMA.json DOCUMENT.json     ("-" reads standard input)

Exit code: 0 valid, 1 not valid (says where and why), 77 python3-jsonschema is not installed.
"""
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def load(path):
    text = sys.stdin.read() if path == "-" else pathlib.Path(path).read_text(encoding="utf-8")
    return json.loads(text, parse_constant=refuse_constant)


def validator(schema_path):
    """A validator that finds the other schemas in the folder of this one."""
    path = pathlib.Path(schema_path).resolve()
    schema = load(path)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(path.as_uri(), schema))


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 64
    errors = list(validator(sys.argv[1]).iter_errors(load(sys.argv[2])))
    for error in errors:
        where = "/".join(str(step) for step in error.absolute_path)
        print(f"{sys.argv[2]}: at /{where}: {error.message}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
