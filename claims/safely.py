"""Strangers' files, read in a process that may take only so long and so much memory: a bad one costs that process."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from claims.article import Article
from claims.formats import READERS, read_html, read_parts
from claims.found import BadFile, storable
from claims.lists import Listing, addresses_in
from claims.pool import end_with_parent

logger = logging.getLogger(__name__)
SECONDS = 25.0
MEMORY = 3_000_000_000  # bytes of address space, libraries included


class SafeReader:
    """Reads files one after another in a worker process, which is begun at the first and begun again when it was lost.

    To be used in a `with`, which ends the worker.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process, self._pipe = None, None

    def __enter__(self) -> SafeReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, path: Path, raw: bytes | None = None) -> list[Article | BadFile]:
        """The articles of a file, with what it says of their provenance, and why a part of it is none. `raw` are its
        bytes where they were read already.

        Raises BadFile, also where reading takes too long, too much memory, or kills the worker; and OSError.
        """
        return self._ask(articles_in, path.name, path.read_bytes() if raw is None else raw)

    def read_list(self, raw: bytes) -> Listing:
        """What a feed or sitemap names. Raises BadFile as `read` does."""
        return self._ask(addresses_in, raw)

    def _ask(self, work: Callable[..., Any], *given: object) -> Any:
        pipe = self._begun()
        try:
            pipe.send((work, given))
            if not self._answered(pipe):
                self._end()
                raise BadFile(f"took longer than {self._seconds:g} seconds to read, and was given up")
            found = pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._end()
            raise BadFile("can't be read: it broke the program that reads it") from None
        if isinstance(found, BadFile):
            raise found
        return found

    def _answered(self, pipe: Connection) -> bool:
        """Waits for the worker; False once it has worked, or done nothing, for longer than it may.

        What counts is the time that it had a processor: on a busy machine a sound file would be refused otherwise.
        """
        looked, before = time.monotonic(), _processor(self._process.pid)
        spent = 0.0
        while not pipe.poll(min(1.0, self._seconds)):
            at, now = time.monotonic(), _processor(self._process.pid)
            if now is None or before is None:
                spent += at - looked
            elif now.seconds > before.seconds or now.waits:
                spent += now.seconds - before.seconds
            else:
                spent += at - looked
            if spent > self._seconds:
                return False
            looked, before = at, now
        return True

    def _begun(self) -> Connection:
        if self._process is None or not self._process.is_alive():
            self._end()
            context = multiprocessing.get_context("spawn")
            self._pipe, other = context.Pipe()
            self._process = context.Process(target=_serve, args=(other, self._memory), daemon=True)
            self._process.start()
            other.close()
        return self._pipe

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._process = self._pipe = None


@dataclass(frozen=True, slots=True)
class _Processor:
    """How many seconds of processor time a process has had, and whether it has or waits for one now."""

    seconds: float
    waits: bool


def _processor(pid: int) -> _Processor | None:
    """None where the system doesn't say."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return _Processor((int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK"), said[0] == "R")
    except (OSError, ValueError, IndexError):
        return None


def articles_in(name: str, raw: bytes) -> list[Article | BadFile]:
    """The articles of a file by its name's ending, and why a part of it is none. Raises BadFile, and what the libraries
    raise."""
    from claims.statements import read_page, read_statements

    ending = Path(name).suffix.lower()
    if READERS.get(ending) is read_html:
        return read_page(name, raw)
    return (read_parts if ending in READERS else read_statements)(name, raw)


def _serve(pipe: Connection, memory: int) -> None:
    end_with_parent()
    with suppress(ValueError, OSError):  # a system without that limit still has the others
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        try:
            work, given = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(work(*given))
        except BadFile as error:
            pipe.send(error)
        except MemoryError:
            pipe.send(BadFile("needs more memory to read than a file may take"))
        except RecursionError:
            pipe.send(BadFile("is nested too deep to be read"))
        except Exception:  # a library's own fault on a broken file: the file is refused, the batch goes on
            name = given[0] if isinstance(given[0], str) else "a list of pages"
            logger.warning("%s broke its reader", storable(name), exc_info=True)
            kind = f"no {Path(name).suffix.lower()} file" if Path(name).suffix else "no list of pages"
            pipe.send(BadFile(f"can't be read: it is damaged, or {kind} but by name"))
