from py_sandbox.callers import LEAST_SHARE, MEMORY, MOST_CALLS, Callers


def live(callers, session, calls):
    """A whole session; whether it was thought to call at first and after each of its calls."""
    thought = [callers.will_call(session)]
    for _ in range(calls):
        callers.called(session)
        thought.append(callers.will_call(session))
    callers.ended(session)
    return thought


def after(*, sessions, calls):
    callers = Callers()
    for session in range(sessions):
        live(callers, session, calls)
    return callers


def test_every_session_is_thought_to_call_until_others_have_not():
    assert live(Callers(), 1, MOST_CALLS + 3) == [True] * (MOST_CALLS + 4)


def test_where_sessions_call_once_none_is_thought_to_call_twice():
    callers = after(sessions=2 * MEMORY, calls=1)
    assert live(callers, "next", 1) == [True, False]


def test_where_sessions_never_call_none_is_thought_to():
    assert live(after(sessions=2 * MEMORY, calls=0), "next", 0) == [False]


def test_a_share_that_makes_it_worth_while_is_enough():
    callers = Callers()
    for session in range(10 * MEMORY):
        live(callers, session, 2 if session % 2 == 0 else 1)
    assert live(callers, "next", 1) == [True, True]
    for session in range(10 * MEMORY):
        live(callers, session, 2 if session % round(4 / LEAST_SHARE) == 0 else 1)
    assert live(callers, "next", 1) == [True, False]


def test_one_that_calls_on_and_on_is_thought_to_however_many_others_call_once():
    callers = Callers()
    for _ in range(MOST_CALLS):
        callers.called("on and on")
    for session in range(10 * MEMORY):
        live(callers, session, 1)
    assert callers.will_call("on and on")


def test_it_learns_anew_when_sessions_call_again():
    callers = after(sessions=10 * MEMORY, calls=1)
    for session in range(MEMORY):
        live(callers, session, 2)
    assert live(callers, "next", 1) == [True, True]


def test_a_session_that_is_over_is_forgotten():
    callers = after(sessions=2 * MEMORY, calls=1)
    callers.called("again")
    callers.ended("again")
    assert callers.will_call("again")
