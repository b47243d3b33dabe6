"""The wrapper: passes a call on as it is, then notes what it made. What it notes can fail, the call never does for it."""

import functools

from . import plain
from .affine import IDENTITY, told
from .recorder import Node, between, recorder

#: The map follows from the watched calls that the call made itself.
FROM_INNER_CALLS = object()


class Call:
    """One finished call, as a rule of how to note it sees it."""

    def __init__(self, args, kwargs, source, result):
        self.args = args
        self.kwargs = kwargs
        #: Size (width, height) of the image or array that it worked on, before the call.
        self.source = source
        #: Size of what it made.
        self.result = result

    def given(self, position, name, default=None):
        if position < len(self.args):
            return self.args[position]
        return self.kwargs.get(name, default)


class Rule:
    """How calls of one function are noted.

    label: the function's public name, or what tells it of a call. names(call): what the call may count as; `orientation` lets the map decide which.
    affine(call): the map from result to source, FROM_INNER_CALLS, or None where there is none.
    source(args, kwargs): the thing it works on. made(result, args): the things it made, of what it returned.
    """

    def __init__(self, label, *, names=None, affine=None, source=None, made=None, notes=None):
        self.label = label
        self.names = names or (lambda call: ())
        self.affine = affine or (lambda call: FROM_INNER_CALLS)
        self.source = source or (lambda args, kwargs: args[0] if args else next(iter(kwargs.values()), None))
        self.made = made or (lambda result, args: (result,))
        #: Whether a call is worth noting at all.
        self.notes = notes or (lambda call: True)


def watch(owner, name, rule, kind):
    """Replace owner.name. kind: how things of that library are known (`node_of`, `size_of`)."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def watched(*args, **kwargs):
        if not recorder.active:
            return original(*args, **kwargs)
        try:
            before, arguments = _before(rule, kind, args, kwargs)
        except Exception:  # the call itself will say what is wrong with it
            before, arguments = None, None
        recorder.depth += 1
        try:
            result = original(*args, **kwargs)
        finally:
            recorder.depth -= 1
        if before is not None:
            try:
                for made in rule.made(result, args):
                    _note(rule, kind, before, arguments, Call(args, kwargs, before.size, None), made)
            except Exception:  # a call that cannot be noted is not noted; the code must not feel it
                pass
        return result

    setattr(owner, name, watched)


def hush(owner, name):
    """What the function calls is its own business: no step, whatever it uses."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def hushed(*args, **kwargs):
        recorder.depth += 1
        try:
            return original(*args, **kwargs)
        finally:
            recorder.depth -= 1

    setattr(owner, name, hushed)


def _before(rule, kind, args, kwargs):
    source = rule.source(args, kwargs)
    node = kind.node_of(source)
    if node is None:
        size = kind.size_of(source)
        if size is None:
            return None, None
        node = Node(size)
        recorder.tie(source, node)
    # Taken now, since a call may change what it was given.
    return node, plain.arguments(args[1:], kwargs) if recorder.depth == 0 else []


def _note(rule, kind, before, arguments, call, made):
    call.result = kind.size_of(made)
    if call.result is None:
        return
    affine = rule.affine(call)
    if affine is FROM_INNER_CALLS:
        inner = kind.node_of(made)
        affine = None if inner is None else between(inner, before)
    elif affine is not None:
        affine = told(affine)
    is_listed = recorder.depth == 0 and rule.notes(call)
    node = before
    if is_listed or affine != IDENTITY or call.result != before.size:
        label = rule.label(call) if callable(rule.label) else rule.label
        node = recorder.made(before, call.result, affine, label, arguments, rule.names(call), is_listed)
    recorder.tie(made, node)
