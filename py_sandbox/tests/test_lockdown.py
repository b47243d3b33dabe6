"""Each layer on its own, in a process that gives up nothing else."""

import subprocess
import sys

import pytest

from py_sandbox import seccomp, syscalls

ROOT = __import__("pathlib").Path(__file__).parents[1]


def in_a_process(code):
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport os, socket\nfrom py_sandbox import lockdown\n{code}"
    return subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60)


FILTER = "lockdown.hide(); lockdown.filter_system_calls()\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "os.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.execv('/bin/true', ['true'])",
        "socket.socket()",
        "socket.socketpair()",
        "os.kill(os.getppid(), 0)",
        "os.kill(os.getpid(), 0)",
        "os.setuid(0)",
        "os.chmod('/tmp', 0o777)",
        "os.symlink('a', '/tmp/codevision-link')",
        "os.mkfifo('/tmp/codevision-fifo')",
        "os.memfd_create('x')",
        "os.pidfd_open(os.getppid())",
        "os.sched_setaffinity(0, {0})",
        "__import__('fcntl').fcntl(1, 8, os.getppid())",
        "__import__('fcntl').fcntl(1, 10, 9)",
        "__import__('fcntl').fcntl(1, 1024, 1)",
        "os.unshare(0)" if hasattr(__import__("os"), "unshare") else "os.chroot('/')",
    ],
)
def test_the_filter_refuses(attempt):
    done = in_a_process(f"{FILTER}try:\n    {attempt}\nexcept PermissionError:\n    print('refused')")
    assert (done.stdout, done.returncode) == ("refused\n", 0), done.stderr


def test_the_filter_refuses_threads():
    done = in_a_process(f"import threading\n{FILTER}try:\n    threading.Thread(target=print).start()\nexcept RuntimeError:\n    print('refused')")
    assert done.stdout == "refused\n"


def test_the_filter_lets_ordinary_work_through():
    done = in_a_process(f"{FILTER}import json, time\ntime.sleep(0.001)\nopen('/dev/null', 'w').write('x')\nimport fcntl\nfcntl.fcntl(0, fcntl.F_GETFL)\nprint(os.listdir('/')[:0], json.dumps(1))")
    assert done.stdout == "[] 1\n", done.stderr


def test_the_filter_ends_a_process_that_speaks_for_another_architecture():
    # The second instruction compares the architecture; its failure leads to the one that kills.
    for machine in syscalls.ALLOWED:
        program = seccomp.program(machine)
        instructions = 4 + (3 + 2 * len(syscalls.FCNTL_COMMANDS)) + 2 * len(set(syscalls.ALLOWED[machine].values())) + 1
        assert len(program) == 8 * instructions
        assert program[16:24] == bytes([6, 0, 0, 0, 0, 0, 0, 0x80])


def test_limits_of_a_job_hold_without_the_filter():
    code = "lockdown.limit_job(64 << 20, 5, 4096, 8)\n"
    assert in_a_process(f"{code}try:\n    bytes(128 << 20)\nexcept MemoryError:\n    print('memory')").stdout == "memory\n"
    assert in_a_process(f"{code}fs = []\ntry:\n    while True: fs.append(open('/dev/null'))\nexcept OSError:\n    print('files')").stdout == "files\n"
    done = in_a_process(f"{code}import signal, tempfile\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nf = tempfile.TemporaryFile(buffering=0)\nf.write(bytes(4096))\ntry:\n    f.write(b'x')\nexcept OSError:\n    print('size')")
    assert done.stdout == "size\n", done.stderr


def test_a_hidden_process_cannot_be_read_by_its_own_user():
    done = in_a_process("lockdown.hide()\nimport ctypes\nprint(ctypes.CDLL(None).prctl(3))")
    assert done.stdout == "0\n"


FILES = "import sys\nos.mkdir(SCRATCH); os.chdir(SCRATCH)\nlockdown.hide(); lockdown.confine_files([sys.base_prefix, '/usr/lib', '/lib', '/lib64'], SCRATCH)\n"


def confined(code, tmp_path):
    return in_a_process(f"SCRATCH = {str(tmp_path / 'scratch')!r}\n{FILES}{code}")


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open('/proc/self/status')",
        "os.listdir('/')",
        "open('../beside', 'w')",
        "os.mkdir('folder')",
        "os.symlink('a', 'link')",
        "os.mkfifo('fifo')",
        "os.link('/etc/hostname', 'link')",
        "socket.socket(socket.AF_UNIX).bind('socket')",
        "open(os.__file__, 'a')",
        "os.execv('/bin/true', ['true'])",
    ],
)
def test_files_outside_are_denied(attempt, tmp_path):
    done = confined(f"try:\n    {attempt}\nexcept OSError as error:\n    print('denied', error.errno in (1, 13, 18))", tmp_path)
    assert done.stdout == "denied True\n", done.stderr


def test_the_interpreter_and_its_own_folder_stay_usable(tmp_path):
    done = confined("import colorsys, wave\nopen('x', 'w').write('y')\nprint(open('x').read(), os.listdir('.'))\nos.remove('x')", tmp_path)
    assert done.stdout == "y ['x']\n", done.stderr


def test_files_that_are_open_stay_usable(tmp_path):
    done = in_a_process(f"SCRATCH = {str(tmp_path / 'scratch')!r}\nf = open('/etc/hostname')\n{FILES}print(len(f.read()) > 0)")
    assert done.stdout == "True\n", done.stderr
