import os
import signal
import tempfile

import pytest

from py_sandbox import claims, framing, verdict

EXECUTE = {"op": "execute", "max_result_pixels": 100}
OK = {"status": "ok", "mode": "RGB", "sourceMode": "P", "width": 2, "height": 3, "unchanged": False}
ERROR = {"status": "error", "kind": "runtime", "type": "NameError", "message": "x", "traceback": "", "line": 1}


@pytest.fixture
def pixels():
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), 18)
        yield file.fileno()


def test_an_answer_that_fits_its_pixels_is_passed_on(pixels):
    assert verdict.of_answer(OK, EXECUTE, pixels) == {**OK, "stored": True, "operations": claims.NOTHING}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "fine"},
        {"mode": "CMYK"},
        {"mode": ["RGB"]},
        {"unchanged": True, "width": 5},
        {"width": 10**400},
        {"answers": [1], "mode": None},
        {"width": 3},
        {"width": -2, "height": -3},
        {"width": 2.0},
        {"width": True},
        {"height": 10**30},
        {"sourceMode": 5},
        {"sourceMode": None},
    ],
)
def test_an_answer_that_does_not_is_malformed(pixels, change):
    with pytest.raises(framing.Malformed):
        verdict.of_answer({**OK, **change}, EXECUTE, pixels)


def test_an_error_is_bounded_and_knows_only_its_fields(pixels):
    answer = verdict.of_answer({**ERROR, "message": "m" * 9_999, "traceback": "t" * 99_999, "extra": 1, "line": "3"}, EXECUTE, pixels)
    assert len(answer["message"]) == 4_000 and len(answer["traceback"]) == 8_000
    assert "extra" not in answer and answer["line"] is None


@pytest.mark.parametrize("change", [{"kind": "timeout"}, {"kind": "crash"}, {"kind": None}, {"message": 5}, {"traceback": None}, {"type": 5}])
def test_a_worker_cannot_speak_for_the_host(pixels, change):
    with pytest.raises(framing.Malformed):
        verdict.of_answer({**ERROR, **change}, EXECUTE, pixels)


@pytest.mark.parametrize(
    "status, kind, words",
    [
        (signal.SIGSEGV, "crash", "SIGSEGV"),
        (signal.SIGXCPU, "timeout", "processor time"),
        (3 << 8, "crash", "exit status 3"),
        (None, "crash", "ended"),
    ],
)
def test_a_death_is_told_by_its_cause(status, kind, words):
    answer = verdict.of_death(None if status is None else int(status))
    assert answer["kind"] == kind and words in answer["message"]


@pytest.mark.parametrize("answer", [{"width": 500, "height": 1, "mode": "L"}, {"width": 11, "height": 10, "mode": "L"}])
def test_what_the_worker_would_have_refused_is_refused_again(answer):
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), answer["width"] * answer["height"])
        with pytest.raises(framing.Malformed):
            verdict.of_answer({**OK, **answer}, EXECUTE, file.fileno())


def test_only_a_view_may_leave_its_pixels_where_they_are():
    with tempfile.TemporaryFile() as file:
        answer = {**OK, "unchanged": True}
        assert verdict.of_answer(answer, {"op": "view"}, file.fileno())["stored"] is False
        with pytest.raises(framing.Malformed):
            verdict.of_answer(answer, EXECUTE, file.fileno())


def test_numbers_without_end_are_left_out(pixels):
    answer = verdict.of_answer({**ERROR, "line": 10**400, "width": 10**400, "height": 1}, EXECUTE, pixels)
    assert answer["line"] is None and "width" not in answer


def test_a_signal_without_a_name_is_told_by_its_number():
    assert "signal 35" in verdict.of_death(35)["message"]


@pytest.mark.parametrize("job", [{"op": "analyze", "calls": [1, 2]}, {"op": "size_rules", "cases": [1, 2]}])
def test_every_question_has_one_answer(job):
    assert verdict.of_answer({"status": "ok", "answers": ["a", "b"]}, job, None) == {"status": "ok", "answers": ["a", "b"]}
    for answers in (["a"], ["a", "b", "c"], None, "ab", {"0": "a", "1": "b"}):
        with pytest.raises(framing.Malformed):
            verdict.of_answer({"status": "ok", "answers": answers}, job, None)
