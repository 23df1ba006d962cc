"""Measures of Counterclaim; one module a measure, each a command: ``python -m benchmarks NAME FILE [--json]``."""
