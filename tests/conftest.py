"""How tests are named: by nothing that differs from one start to the next."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """A name for bytes (pytest numbers equal ones); None for the rest, which pytest names itself.

    A zip archive holds the time it was made at. With that in a test's name, two workers that load a file of
    tests a moment apart find different tests, and the whole run stops.
    """
    return "bytes" if isinstance(val, bytes) else None
