"""Rules: what is relied on, each tried by itself."""

import inspect
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

LONGEST = 300


@dataclass(frozen=True)
class Rule:
    """One thing that callers rely on. `check` returns what was expected and what came, or None where it holds; it may be awaited."""

    name: str
    check: Callable[[], str | None | Awaitable[str | None]]


def expect(is_so: bool, expected: str, got: Any) -> str | None:
    """None where it is so, else what came in its place."""
    return None if is_so else f"expected {expected}, got {str(got)[:LONGEST]}"


def is_finite(value: Any) -> bool:
    """Whether it is a number, and one that can be computed with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


async def tried(rules: Iterable[Rule]) -> AsyncIterator[dict[str, str | None]]:
    """What each rule came to, one after the other; an error is a rule that does not hold."""
    for rule in rules:
        try:
            failure = rule.check()
            if inspect.isawaitable(failure):
                failure = await failure
        except Exception as error:
            failure = expect(False, "no error", f"{type(error).__name__}: {error}")
        yield {"name": rule.name, "failure": failure}
