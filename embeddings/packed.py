"""What a large network learned beyond the one it began as, in few bits: its matrices’ differences by the directions
that matter most, each number in one of nine steps, and frequent steps in fewer bits than rare ones."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

FORMAT = 2  # of what `pack` gives; the first had no number, seven steps and three bits for each
GROUP = 64  # every so many numbers have one scale
MOST_STEPS = 4  # steps to either side of zero
_STEPS = 2 * MOST_STEPS + 1
LEFT, RIGHT, WHOLE = ".left", ".right", ".whole"
STEPS, SCALES = ".steps", ".scales"


def pack(numbers: np.ndarray) -> dict[str, np.ndarray]:
    """STEPS (uint8, deflated: the steps of two numbers in a byte) and SCALES (float16, one a GROUP) of an array whose
    size is a multiple of GROUP.

    Raises:
        ValueError: it is none.
    """
    if numbers.size % GROUP:
        raise ValueError(f"{numbers.size} numbers can't be packed; a multiple of {GROUP} is needed")
    groups = numbers.reshape(-1, GROUP).astype(np.float32)
    scales = (np.abs(groups).max(axis=1) / MOST_STEPS).astype(np.float16)
    divisors = np.where(scales > 0, scales, 1).astype(np.float32)[:, None]
    steps = (np.clip(np.round(groups / divisors), -MOST_STEPS, MOST_STEPS) + MOST_STEPS).astype(np.uint8).reshape(-1, 2)
    # Longer sequences hardly recur, so only how frequent each byte is counts.
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_HUFFMAN_ONLY)
    deflated = deflater.compress((steps[:, 0] * _STEPS + steps[:, 1]).tobytes()) + deflater.flush()
    return {STEPS: np.frombuffer(deflated, dtype=np.uint8), SCALES: scales}


def unpack(steps: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """The numbers, float32 (count,), nearest to those that `pack` was given.

    Raises:
        ValueError: `steps` are not such, or not those of as many numbers as `scales` are for.
    """
    try:
        pairs = np.frombuffer(zlib.decompress(steps.tobytes(), -zlib.MAX_WBITS), dtype=np.uint8)
    except zlib.error as error:
        raise ValueError(f"packed numbers can't be read: {error}") from None
    if len(pairs) and pairs.max() >= _STEPS**2:
        raise ValueError(f"packed numbers hold steps beyond {MOST_STEPS}")
    if 2 * len(pairs) != len(scales) * GROUP:
        raise ValueError(f"{2 * len(pairs)} packed numbers, but scales for {len(scales) * GROUP}")
    numbers = np.stack(np.divmod(pairs, _STEPS), axis=1).astype(np.float32) - MOST_STEPS
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
