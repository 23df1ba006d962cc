"""``python -m benchmarks NAME FILE [--json]``: run one measure on a file of its form."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys

MEASURES = (
    "attribution",
    "calibration",
    "candidates",
    "checkworthiness",
    "conflict",
    "entailment",
    "false_alarms",
    "faults",
    "fnc",
    "fuzz",
    "matching",
    "readings",
    "rivals",
    "screen",
    "seeds",
    "sentences",
    "speed",
    "standing",
)


def main(arguments: list[str] | None = None) -> int:
    """Run the named measure; its last line on standard output is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name in MEASURES:
        module = importlib.import_module(f"benchmarks.{name}")
        measure = names.add_parser(name, help=module.__doc__.splitlines()[0])
        # Accepted before or behind the name; here without a default, or it would undo the one in front.
        measure.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        module.add_arguments(measure)
        measure.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    lines, result = args.run(args)
    if not args.json:
        for line in lines:
            print(line)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
