import fcntl
import json
import os
import time

import pytest

from py_sandbox import listener


@pytest.fixture
def root(tmp_path):
    (tmp_path / "slot-1").mkdir()
    return tmp_path


def greet(root, line):
    read_end, write_end = os.pipe()
    os.write(write_end, line)
    os.close(write_end)
    try:
        return listener.greet(read_end, str(root))
    finally:
        os.close(read_end)


def test_a_greeting_names_the_folder_and_the_workers(root):
    folder, spare, lock = greet(root, b'{"exchange": "slot-1", "spare": 3}\n{"r": 1}\n')
    os.close(lock)
    assert (folder, spare) == (str(root / "slot-1"), 3)


@pytest.mark.parametrize("name", ["..", "../slot-1", "a/b", "", "slot-1\x00", 7, None, "x" * 81])
def test_a_name_that_leads_out_of_the_exchange_directory_is_refused(root, name):
    with pytest.raises(SystemExit):
        greet(root, json.dumps({"exchange": name, "spare": 1}).encode() + b"\n")


def test_a_link_in_the_place_of_the_folder_is_refused(root):
    (root / "slot-2").symlink_to("/etc")
    with pytest.raises(OSError):
        greet(root, b'{"exchange": "slot-2", "spare": 1}\n')


def test_a_connection_that_ends_without_a_greeting_is_refused(root):
    with pytest.raises(SystemExit):
        greet(root, b'{"exchange"')


def test_a_greeting_without_end_is_refused(root):
    with pytest.raises(SystemExit):
        greet(root, b"x" * 5_000)


def test_the_folder_of_a_dead_controller_is_removed_and_that_of_a_live_one_stays(root):
    for name in ("old", "touched", "in-use"):
        (root / name).mkdir()
        (root / name / "pixels").write_bytes(b"x")
    long_ago = time.time() - 1_000
    for name in ("old", "in-use", "slot-1"):
        os.utime(root / name, (long_ago, long_ago))
    in_use = os.open(root / "in-use", os.O_RDONLY)
    fcntl.flock(in_use, fcntl.LOCK_SH)
    listener.sweep(str(root), stale_seconds=600)
    os.close(in_use)
    assert sorted(os.listdir(root)) == ["in-use", "touched"]
