import pytest

from py_sandbox.group_limits import group_limits


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("names", [("memory.max", "pids.max"), ("memory/memory.limit_in_bytes", "pids/pids.max")], ids=["version 2", "version 1"])
def test_limits_of_a_group_are_read(tmp_path, names):
    for name, value in zip(names, ("4294967296\n", "256\n"), strict=True):
        write(tmp_path, name, value)
    assert group_limits(tmp_path) == {"memory_bytes": 1 << 32, "pids": 256}


def test_a_group_without_limits_has_none(tmp_path):
    write(tmp_path, "memory.max", "max\n")
    write(tmp_path, "memory/memory.limit_in_bytes", "9223372036854771712\n")
    write(tmp_path, "pids.max", "max\n")
    assert group_limits(tmp_path) == {"memory_bytes": None, "pids": None}


def test_where_no_group_can_be_seen_there_are_no_limits(tmp_path):
    assert group_limits(tmp_path / "nowhere") == {"memory_bytes": None, "pids": None}
