"""An executor without threads: what is submitted has been done when `submit` returns."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class InlineExecutor(Executor):
    """For tests whose other side looks into the database, which only the test's own thread sees."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        """Take what a pool of threads takes."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 -- the caller's to judge, as with threads
            future.set_exception(error)
        return future
