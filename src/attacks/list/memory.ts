import type { CodeAttack } from '../attack.js'
import { REACH } from './hostile-python.js'

/** Memory, disk and output. What is asked for is never touched beyond a few MiB, so that nothing is lost where a layer is left out. */
export const MEMORY: readonly CodeAttack[] = [
  {
    name: 'memory in one object',
    by: 'code',
    code: 'keep = np.zeros(3 << 30, np.uint8)',
    expect: ['MemoryError'],
    isShort: true,
  },
  {
    name: 'memory in many objects',
    by: 'code',
    code: 'keep = [np.zeros(1 << 26, np.uint8) for _ in range(48)]',
    expect: ['MemoryError'],
  },
  {
    name: 'memory in /dev/shm',
    by: 'code',
    code: 'f = open("/dev/shm/x", "wb")\nfor _ in range(80): f.write(bytes(1 << 20))',
    expect: ['EACCES'],
    isShort: true,
  },
  {
    name: 'memory in a file without a name (memfd)',
    by: 'code',
    code: `${REACH}f = open(os.memfd_create("x"), "wb")\nfor _ in range(80): f.write(bytes(1 << 20))`,
    expect: ['EPERM'],
  },
  {
    name: 'shared memory of System V',
    by: 'code',
    code: `${REACH}call("shmget", 0, 1 << 20, 0o1600)`,
    expect: ['EPERM'],
  },
  {
    name: 'disk fill in one file',
    by: 'code',
    code: 'f = open("x", "wb")\nfor _ in range(80): f.write(bytes(1 << 20))',
    expect: ['EFBIG'],
    isShort: true,
  },
  {
    name: 'disk fill in many files',
    by: 'code',
    code: 'for i in range(20):\n  with open(str(i), "wb") as f:\n    for _ in range(8): f.write(bytes(1 << 20))',
    expect: ['ENOSPC'],
  },
  {
    name: 'sparse file of a terabyte',
    by: 'code',
    code: `${REACH}os.ftruncate(os.open("x", os.O_CREAT | os.O_RDWR), 1 << 40)`,
    expect: ['EFBIG'],
    isShort: true,
  },
  {
    name: 'files by the thousand',
    by: 'code',
    code: 'for i in range(10_000_000): open(str(i), "w").close()',
    expect: ['memory'],
    timeoutMs: 5_000,
  },
  {
    name: 'descriptors by the thousand',
    by: 'code',
    code: `${REACH}keep = [os.open("/dev/null", os.O_RDONLY) for _ in range(900)]`,
    expect: ['EMFILE'],
    isShort: true,
  },
  {
    name: 'stdout flood',
    by: 'code',
    code: 'while True: print("x" * 100_000)',
    expect: ['timeout'],
    isHarmless: ({ stdout }) => stdout.length <= 10_000,
    isShort: true,
  },
  {
    name: 'one print of 200 kB',
    by: 'code',
    code: 'print("first" + "x" * 200_000 + "last")',
    expect: ['harmless'],
    isHarmless: ({ stdout }) => stdout.length <= 10_000 && /^first.*last\n$/s.test(stdout),
    isShort: true,
  },
  {
    name: 'invalid UTF-8 and lone surrogates on stdout',
    by: 'code',
    code: `${REACH}os.write(1, b"\\xff\\xfe ok")\nprint("\\ud800")`,
    expect: ['harmless'],
    isHarmless: ({ stdout }) => stdout === '\ufffd\ufffd ok\\ud800\n',
    isShort: true,
  },
]
