import type { SwitchableLayer } from '../sandbox/runtime.js'
import { REACH } from './list/hostile-python.js'

/** One try to break one layer, with those of the worker that would answer first left out. */
export interface LayerProbe {
  /** As in docs/security.md. */
  layer: string
  without: readonly SwitchableLayer[]
  code: string
  timeoutMs?: number
  /** What counts as held: an errno, exception or verdict, or `printed` for code that prints `held`. */
  expect: readonly string[]
  /** What is told of it. */
  tried: string
  /** A call before it in the same session. */
  first?: string
}

export interface ProbeTargets {
  /** A file of this machine that the container must not have. */
  secret: string
  /** Port on the loopback on which somebody listens. */
  port: number
}

const WORKER: readonly SwitchableLayer[] = ['seccomp', 'landlock', 'rlimits']

/** A probe of every layer that code in a worker can meet. */
export function layerProbes({ secret, port }: ProbeTargets): readonly LayerProbe[] {
  return [
    {
      layer: 'own mount namespace',
      without: WORKER,
      code: `open(${JSON.stringify(secret)})`,
      expect: ['ENOENT'],
      tried: 'read a file of this machine',
    },
    {
      layer: 'read-only root',
      without: WORKER,
      code: `${REACH}os.open("/usr/codevision-probe", os.O_CREAT | os.O_WRONLY)`,
      expect: ['EROFS'],
      tried: 'make a file in /usr',
    },
    {
      layer: 'no network',
      without: WORKER,
      code: `${REACH}socket = sys.modules["socket"]
try: socket.create_connection(("127.0.0.1", ${port}), 1)
except ConnectionRefusedError: pass
else: raise SystemExit("connected")
socket.create_connection(("192.0.2.1", 80), 1)`,
      expect: ['ENETUNREACH'],
      tried: 'connect to a server on the loopback, and outside',
    },
    {
      layer: 'own pid namespace',
      without: WORKER,
      code: `${REACH}names = []
for entry in os.listdir("/proc"):
  if entry.isdigit():
    try: names.append(open(f"/proc/{entry}/cmdline").read())
    except FileNotFoundError: pass
print("held" if not any("node" in name.split("\\0")[0] for name in names) else names)`,
      expect: ['printed'],
      tried: 'find the controller among the processes',
    },
    {
      layer: 'no capabilities',
      without: WORKER,
      code: `${REACH}call("mount", b"none", b"/tmp", b"tmpfs", 0, 0)`,
      expect: ['EPERM'],
      tried: 'mount a file system',
    },
    {
      layer: 'unprivileged user',
      without: WORKER,
      code: `${REACH}print("held" if os.getuid() != 0 and os.geteuid() != 0 else os.getuid())\nos.setuid(0)`,
      expect: ['EPERM'],
      tried: 'become root',
    },
    {
      layer: 'bounded /tmp',
      without: WORKER,
      code: 'f = open("fill", "wb")\nfor _ in range(80): f.write(bytes(1 << 20))',
      expect: ['ENOSPC'],
      tried: 'write 80 MiB',
    },
    {
      layer: 'bounded /dev/shm',
      without: WORKER,
      code: 'f = open("/dev/shm/fill", "wb")\nfor _ in range(80): f.write(bytes(1 << 20))',
      expect: ['ENOSPC'],
      tried: 'write 80 MiB',
    },
    {
      layer: 'host not dumpable',
      without: WORKER,
      code: `${REACH}refused = None
for pid in range(1, 12):
  if pid == os.getpid(): continue
  try: open(f"/proc/{pid}/mem", "r+b")
  except FileNotFoundError: continue
  except PermissionError as error: refused = error
  else: raise SystemExit(f"opened the memory of process {pid}")
raise refused`,
      expect: ['EACCES'],
      tried: 'open the memory of host and zygote',
    },
    {
      layer: 'worker: Landlock',
      without: ['seccomp', 'rlimits'],
      code: 'open("/proc/1/status")',
      expect: ['EACCES'],
      tried: 'read about another process',
    },
    {
      layer: 'worker: seccomp allow-list',
      without: ['landlock', 'rlimits'],
      code: `${REACH}if os.fork() == 0: os._exit(0)`,
      expect: ['EPERM'],
      tried: 'start a process',
    },
    {
      layer: 'worker: limit of memory',
      without: ['seccomp', 'landlock'],
      code: 'np.zeros(3 << 30, np.uint8)',
      expect: ['MemoryError'],
      tried: 'take 3 GiB',
    },
    {
      layer: 'worker: limit of processes',
      without: ['seccomp', 'landlock'],
      code: `${REACH}if os.fork() == 0: os._exit(0)`,
      expect: ['EAGAIN'],
      tried: 'start a process',
    },
    {
      layer: 'worker: limit of file size',
      without: ['seccomp', 'landlock'],
      code: `${REACH}os.ftruncate(os.open("x", os.O_CREAT | os.O_RDWR), 1 << 40)`,
      expect: ['EFBIG'],
      tried: 'make a file of a terabyte',
    },
    {
      layer: 'worker: limit of descriptors',
      without: ['seccomp', 'landlock'],
      code: `${REACH}keep = [os.open("/dev/null", os.O_RDONLY) for _ in range(900)]`,
      expect: ['EMFILE'],
      tried: 'open 900 files',
    },
    {
      layer: 'worker: single use',
      without: [],
      first: 'PIL.Image.sys.modules["builtins"].left_behind = 1',
      code: 'print("left" if "left_behind" in dir(PIL.Image.sys.modules["builtins"]) else "held")',
      expect: ['printed'],
      tried: 'leave something for the next call',
    },
    {
      layer: 'deadline',
      without: [],
      code: 'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
      timeoutMs: 500,
      expect: ['timeout'],
      tried: 'run for ever',
    },
    {
      layer: 'check of the answer',
      without: [],
      code: `${REACH}os.write(3, b"x" * 4096)\nwhile True: pass`,
      timeoutMs: 2_000,
      expect: ['malformed answer'],
      tried: 'answer in place of the worker',
    },
  ]
}
