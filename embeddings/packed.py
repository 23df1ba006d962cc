"""What a large network learned beyond the one it began as, in few bits: its matrices’ differences by their strongest
directions, each number in one of seven steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

BITS, GROUP = 3, 64  # every so many numbers have one scale
_MOST = 2 ** (BITS - 1) - 1
_WEIGHTS = 2 ** np.arange(BITS - 1, -1, -1, dtype=np.uint8)
LEFT, RIGHT, WHOLE = ".left", ".right", ".whole"
STEPS, SCALES = ".steps", ".scales"


def pack(numbers: np.ndarray) -> dict[str, np.ndarray]:
    """STEPS (uint8, the bits of all numbers one after another) and SCALES (float16, one a GROUP) of an array whose size
    is a multiple of GROUP.

    Raises:
        ValueError: it is none.
    """
    if numbers.size % GROUP:
        raise ValueError(f"{numbers.size} numbers can't be packed; a multiple of {GROUP} is needed")
    groups = numbers.reshape(-1, GROUP).astype(np.float32)
    scales = (np.abs(groups).max(axis=1) / _MOST).astype(np.float16)
    divisors = np.where(scales > 0, scales, 1).astype(np.float32)[:, None]
    steps = np.clip(np.round(groups / divisors), -_MOST, _MOST).astype(np.int8) + _MOST
    bits = (steps.reshape(-1, 1).astype(np.uint8) & _WEIGHTS) > 0
    return {STEPS: np.packbits(bits), SCALES: scales}


def unpack(steps: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """The numbers, float32 (count,), nearest to those that `pack` was given."""
    count = len(scales) * GROUP
    bits = np.unpackbits(steps, count=count * BITS).reshape(-1, BITS)
    numbers = (bits @ _WEIGHTS).astype(np.float32) - _MOST
    return (numbers.reshape(-1, GROUP) * scales.astype(np.float32)[:, None]).ravel()


def restored(name: str, parts: Mapping[str, np.ndarray], base: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray:
    """The matrix `name`, float32 of `shape`: as `parts` hold it whole, else what they say was added to `base`."""
    if name + WHOLE + STEPS in parts:
        return unpack(parts[name + WHOLE + STEPS], parts[name + WHOLE + SCALES]).reshape(shape)
    if base is None:
        raise ValueError(f"nothing is known of {name}")
    if name + LEFT + STEPS not in parts:
        return base
    left, right = (
        unpack(parts[name + side + STEPS], parts[name + side + SCALES]).reshape(-1, length)
        for side, length in zip((LEFT, RIGHT), shape, strict=True)
    )
    return base + left.T @ right
