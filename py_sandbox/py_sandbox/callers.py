"""Which sessions call again, by how often they have called: what is prepared for a call that never comes is work for nothing.

Rollouts that call once and answer would else have a worker prepared each, as dear as the call itself, and never take it.
"""

#: Of so many sessions the shares are about; the first are taken for ones that call.
MEMORY = 32
#: Worth it where at least this share calls again: a prepared worker spares its session about the time that it costs.
LEAST_SHARE = 0.25
#: From so many calls on sessions are alike.
MOST_CALLS = 4


class Callers:
    def __init__(self):
        self._shares = [1.0] * (MOST_CALLS + 1)
        self._calls = {}

    def called(self, session):
        """A call of the session has its verdict."""
        calls = self._calls.get(session, 0)
        self._count(calls, 1.0)
        self._calls[session] = min(calls + 1, MOST_CALLS)

    def ended(self, session):
        """The session is over."""
        self._count(self._calls.pop(session, 0), 0.0)

    def will_call(self, session):
        """Whether its next call is likely enough to be prepared for."""
        return self._shares[self._calls.get(session, 0)] >= LEAST_SHARE

    def _count(self, calls, outcome):
        self._shares[calls] += (outcome - self._shares[calls]) / MEMORY
