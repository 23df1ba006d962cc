"""A time limit on connections, and on looking up where to, that holds however slowly things trickle in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Event, Thread

import urllib3

_BETWEEN_LOOKS = 0.1  # seconds, for a connection that was still being opened when the time was over


@contextmanager
def in_time(pool: urllib3.HTTPConnectionPool, seconds: float) -> Iterator[None]:
    """Shuts whatever a pool opens once `seconds` are over, and raises TimeoutError then, whatever came of it.

    The time-out of a socket begins anew with each byte that comes in, so that it ends no answer that only drips.
    """
    opened: list[socket.socket] = []
    over, done = Event(), Event()

    class Noted(pool.ConnectionCls):
        def connect(self) -> None:
            super().connect()
            opened.append(self.sock)  # the connection itself forgets it once headers said that it ends with the body

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            over.set()
            wait = _BETWEEN_LOOKS
            for one in tuple(opened):
                with suppress(OSError):  # closed by then
                    socket.socket.shutdown(one, socket.SHUT_RDWR)  # TLS's own would take apart what is being read

    pool.ConnectionCls = Noted
    Thread(target=watch, name="time limit of a page", daemon=True).start()
    try:
        yield
    except Exception as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        done.set()
    if over.is_set():  # what was shut may look like an answer that ended
        raise TimeoutError


def looked_up(host: str, port: int, seconds: float) -> list[tuple]:
    """What socket.getaddrinfo finds, which has no time limit of its own: one that takes longer is left to itself.

    Raises TimeoutError, and what it raises.
    """
    answer: Future[list[tuple]] = Future()

    def look_up() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=look_up, name="look-up of a site", daemon=True).start()
    return answer.result(max(0.0, seconds))
