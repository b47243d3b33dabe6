"""Where images come from: every image and array that a watched call made knows its parent and the map to it."""

import weakref

from . import affine as maps
from . import plain

MAX_STEPS = 64
#: Calls that are not on the way to the result: they earn nothing, and a loop makes them by the hundred.
MAX_ASIDE = 16


class Node:
    """One state of one image. A root has no parent: it is an image of the trajectory (`root` its index), or one of unknown origin.

    Any other was made by a call: `affine` is the map to the parent, and `call`, `arguments` and `names` tell of it.
    """

    __slots__ = ("size", "root", "parent", "affine", "call", "arguments", "names")

    def __init__(self, size, root=None, parent=None, affine=None, call=None, arguments=(), names=()):
        self.size = size
        self.root = root
        self.parent = parent
        self.affine = affine
        self.call = call
        self.arguments = arguments
        self.names = names

    def step(self, on_path):
        """The call that made it, as plain data."""
        return {
            "call": self.call,
            "args": plain.bounded(self.arguments),
            "names": list(self.names),
            "affine": self.affine,
            "size": self.size,
            "from": self.parent.size,
            "path": on_path,
        }


class Tie(weakref.ref):
    """Where a living image or array stands: its node, under the thing's id."""

    __slots__ = ("key", "node")


class Recorder:
    def __init__(self):
        self.active = False
        #: Watched calls that are under way: what they call themselves is theirs, not the code's.
        self.depth = 0
        self._known = {}
        self._calls = []
        # Bound once: every tie holds it.
        self._forget = self._forget_tie

    def start(self, roots):
        self._known.clear()
        self._calls.clear()
        self.depth = 0
        for index, image in roots:
            self.tie(image, Node(image.size, root=index))
        self.active = True

    def node(self, thing):
        tie = self._known.get(id(thing))
        return tie.node if tie is not None and tie() is thing else None

    def tie(self, thing, node):
        tie = Tie(thing, self._forget)
        tie.key = key = id(thing)
        tie.node = node
        self._known[key] = tie

    def _forget_tie(self, tie):
        if self._known.get(tie.key) is tie:
            del self._known[tie.key]

    def made(self, parent, size, affine, call, arguments, names, is_listed):
        """A watched call made an image of `size` out of `parent`. One that is not listed is told only where it lies on the way to the result."""
        node = Node(size, None, parent, affine, call, arguments, names)
        if is_listed and len(self._calls) < MAX_STEPS + MAX_ASIDE:
            self._calls.append(node)
        return node

    def report(self, result):
        self.active = False
        node = None if result is None else self.node(result)
        path = []
        while node is not None and node.parent is not None and len(path) <= MAX_STEPS:
            path.append(node)
            node = node.parent
        if len(path) > MAX_STEPS:
            node, path = None, []
        path.reverse()
        on_path = set(map(id, path))
        aside = [call for call in self._calls if id(call) not in on_path][: min(MAX_ASIDE, MAX_STEPS - len(path))]
        return {
            "root": None if node is None else node.root,
            "size": None if node is None else node.size,
            "steps": [call.step(id(call) in on_path) for call in path + aside],
        }


def between(node, ancestor):
    """The map from a node to one of its ancestors; None where it is none, or not known."""
    total = maps.IDENTITY
    while node is not ancestor:
        if node is None or node.parent is None or node.affine is None:
            return None
        total = maps.compose(node.affine, total)
        node = node.parent
    return total


recorder = Recorder()
