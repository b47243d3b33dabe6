import type { CodeAttack } from '../attack.js'
import { REACH } from './hostile-python.js'

/** Time, processes, threads, signals and ways to die. None of them can do harm where it gets through: each is bounded. */
export const PROCESSES: readonly CodeAttack[] = [
  { name: 'endless loop', by: 'code', code: 'while True: pass', expect: ['timeout'], isShort: true },
  {
    name: 'endless loop inside except BaseException',
    by: 'code',
    code: 'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
    expect: ['timeout'],
    isShort: true,
  },
  {
    name: 'C call that ignores signals',
    by: 'code',
    code: '9 ** 9 ** 9',
    expect: ['timeout'],
    isShort: true,
  },
  {
    name: 'regular expression without an end',
    by: 'code',
    code: 'import re\nre.match("(a+)+$", "a" * 60 + "b")',
    expect: ['timeout'],
  },
  {
    name: 'fork bomb',
    by: 'code',
    code: `${REACH}for _ in range(200):\n  if os.fork() == 0:\n    while True: pass`,
    expect: ['EPERM'],
    isShort: true,
  },
  {
    name: 'daemonised grandchild',
    by: 'code',
    code: `${REACH}if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    while True: pass\n  os._exit(0)`,
    expect: ['EPERM'],
  },
  {
    name: 'vfork and exec of a shell',
    by: 'code',
    code: `${REACH}os.posix_spawn("/bin/sh", ["sh", "-c", "sleep 60"], {})`,
    expect: ['EPERM'],
    isShort: true,
  },
  {
    name: 'exec in place',
    by: 'code',
    code: `${REACH}os.execv("/bin/true", ["true"])`,
    expect: ['EPERM'],
  },
  {
    name: 'thread flood',
    by: 'code',
    code: `${REACH}@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
def sleep(_):
    while True: pass
for _ in range(200):
    error = libc.pthread_create(ctypes.byref(ctypes.c_ulong()), None, sleep, None)
    if error: raise OSError(error, os.strerror(error))`,
    expect: ['EPERM'],
    isShort: true,
  },
  {
    name: 'memory in many processes',
    by: 'code',
    code: `${REACH}for _ in range(8):
  if os.fork() == 0:
    keep = bytearray(b"x" * (64 << 20))
    while True: pass`,
    expect: ['EPERM'],
  },
  {
    name: 'kill of the parent',
    by: 'code',
    code: `${REACH}os.kill(os.getppid(), 9)`,
    expect: ['EPERM'],
    behind: 'Landlock, where it bounds signals',
    alsoWithout: ['landlock'],
    isShort: true,
  },
  {
    name: 'kill of process 1',
    by: 'code',
    code: `${REACH}os.kill(1, 9)`,
    expect: ['EPERM'],
    behind: 'Landlock, where it bounds signals, or another user',
  },
  { name: 'kill of all', by: 'code', code: `${REACH}os.kill(-1, 9)`, expect: ['EPERM'] },
  {
    name: 'ptrace of process 1',
    by: 'code',
    code: `${REACH}call("ptrace", 16, 1, 0, 0)`,
    expect: ['EPERM'],
    behind: 'host not dumpable, no capabilities',
    isShort: true,
  },
  {
    name: 'reading the memory of process 1 (process_vm_readv)',
    by: 'code',
    code: `${REACH}class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
buffer = ctypes.create_string_buffer(8)
here, there = Piece(ctypes.addressof(buffer), 8), Piece(0x400000, 8)
call("process_vm_readv", 1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)`,
    expect: ['EPERM'],
    behind: 'host not dumpable',
  },
  {
    name: 'mount',
    by: 'code',
    code: `${REACH}call("mount", b"none", b"/tmp", b"tmpfs", 0, 0)`,
    expect: ['EPERM'],
    behind: 'no capabilities',
  },
  {
    name: 'user namespace of its own',
    by: 'code',
    code: `${REACH}call("unshare", 0x10000000)`,
    expect: ['EPERM'],
    behind: "the container engine's own filter",
  },
  {
    name: 'io_uring',
    by: 'code',
    code: `${REACH}call("syscall", 425, 8, ctypes.create_string_buffer(120))`,
    expect: ['EPERM'],
  },
  {
    name: 'end of the interpreter without a word',
    by: 'code',
    code: `${REACH}os._exit(0)`,
    expect: ['exit status'],
    isShort: true,
  },
  { name: 'SystemExit', by: 'code', code: 'raise SystemExit(3)', expect: ['SystemExit'], isShort: true },
  { name: 'abort', by: 'code', code: `${REACH}os.abort()`, expect: ['SIGABRT', 'SIGSEGV'], isShort: true },
  {
    name: 'segmentation fault through ctypes',
    by: 'code',
    code: `${REACH}ctypes.string_at(0)`,
    expect: ['SIGSEGV'],
    isShort: true,
  },
]
