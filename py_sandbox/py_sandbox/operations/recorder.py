"""Where images come from: every image and array that a watched call made knows its parent and the map to it."""

import weakref

from . import affine as maps
from . import plain

MAX_STEPS = 64
#: More calls than this are not listed; where images come from stays known.
MAX_CALLS = 1_000


class Node:
    """One state of one image. A root has no parent: it is an image of the trajectory (`root` its index), or one of unknown origin."""

    __slots__ = ("parent", "affine", "size", "root", "step")

    def __init__(self, size, *, parent=None, affine=None, root=None, step=None):
        self.size = size
        self.parent = parent
        self.affine = affine
        self.root = root
        self.step = step


class Recorder:
    def __init__(self):
        self.active = False
        #: Watched calls that are under way: what they call themselves is theirs, not the code's.
        self.depth = 0
        self._known = {}
        self._calls = []

    def start(self, roots):
        self._known.clear()
        self._calls.clear()
        self.depth = 0
        for index, image in roots:
            self.tie(image, Node(image.size, root=index))
        self.active = True

    def node(self, thing):
        entry = self._known.get(id(thing))
        return entry[1] if entry is not None and entry[0]() is thing else None

    def tie(self, thing, node):
        key = id(thing)
        known = self._known

        def forget(reference):
            if key in known and known[key][0] is reference:
                del known[key]

        known[key] = (weakref.ref(thing, forget), node)

    def step(self, parent, size, *, call, arguments, names, affine, is_listed):
        """A watched call made an image of `size` out of `parent`. One that is not listed is told only where it lies on the way to the result."""
        step = {"call": call, "args": arguments, "names": list(names), "affine": affine, "size": size, "from": parent.size}
        node = Node(size, parent=parent, affine=affine, step=step)
        if is_listed and len(self._calls) < MAX_CALLS:
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
        aside = [call for call in self._calls if id(call) not in on_path][: MAX_STEPS - len(path)]
        return {
            "root": None if node is None else node.root,
            "size": None if node is None else node.size,
            "steps": [{**call.step, "args": plain.bounded(call.step["args"]), "path": id(call) in on_path} for call in path + aside],
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
