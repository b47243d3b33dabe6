import os

import pytest
from py_sandbox import scratch


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "scratch_of", lambda pid: str(tmp_path / f"worker-{pid}"))
    return tmp_path / f"worker-{os.getpid()}"


def test_the_folder_is_made_and_removed(place):
    assert scratch.make_scratch() == str(place)
    (place / "file").write_text("x")
    scratch.remove_scratch(os.getpid())
    assert not place.exists()


def test_what_a_dead_worker_of_the_same_number_left_is_removed_first(place):
    place.mkdir()
    (place / "old").write_text("x")
    scratch.make_scratch()
    assert list(place.iterdir()) == []


def test_a_link_to_another_folder_is_not_followed(place, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").write_text("x")
    place.symlink_to(other)
    with pytest.raises(FileExistsError):
        scratch.make_scratch()
    assert (other / "precious").exists()


def test_a_folder_of_somebody_else_is_left_alone(place, monkeypatch):
    place.mkdir()
    (place / "theirs").write_text("x")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(FileExistsError):
        scratch.make_scratch()
    assert (place / "theirs").exists()
