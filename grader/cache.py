"""A cache in memory, bounded in bytes, for what later submissions can use again."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

ENTRY = 200  # bytes that an entry takes at least, with its key


class Cache(Generic[Key, Value]):
    """Drops all it holds when it is full: thousands of submissions take no more memory than some.

    What students can make large is no key: a digest of it is.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: dict[Key, Value] = {}
        self._taken = 0

    def get(self, key: Key) -> Value | None:
        return self._held.get(key)

    def keep(self, key: Key, value: Value, size: int = 0) -> Value:
        """Answers the value. `size`: the bytes that it takes with its key, but for the objects themselves.

        What would take more than a quarter of all there is is not kept: the others are worth more.
        """
        size += ENTRY
        if size > self.most // 4:
            return value
        if self._taken + size > self.most:
            self._held.clear()
            self._taken = 0
        self._held[key] = value
        self._taken += size
        return value
