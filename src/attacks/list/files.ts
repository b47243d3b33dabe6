import type { CodeAttack } from '../attack.js'
import { REACH } from './hostile-python.js'

/** What a worker might read, and where it might write. */
export const FILES: readonly CodeAttack[] = [
  {
    name: 'reading /etc/shadow',
    by: 'code',
    code: 'open("/etc/shadow")',
    expect: ['ENOENT', 'EACCES'],
    isShort: true,
  },
  {
    name: 'path traversal to /etc',
    by: 'code',
    code: 'open("../../../../etc/passwd")',
    expect: ['ENOENT', 'EACCES'],
  },
  {
    name: 'path traversal into the exchange directory',
    by: 'code',
    code: 'open("../../exchange/x", "w")',
    expect: ['EACCES'],
    isShort: true,
  },
  {
    name: 'pixels of other sessions',
    by: 'code',
    code: `${REACH}print(os.listdir("/exchange"))`,
    expect: ['EACCES'],
    isShort: true,
  },
  {
    name: 'writing outside of its own folder',
    by: 'code',
    code: 'open("/tmp/x", "w")',
    expect: ['EACCES'],
  },
  {
    name: 'changing the installed packages',
    by: 'code',
    code: 'open(np.__file__, "a")',
    expect: ['EACCES'],
    behind: 'files of another user, mounted read-only',
  },
  {
    name: 'reading about other processes',
    by: 'code',
    code: 'open("/proc/1/status")',
    expect: ['EACCES'],
    isShort: true,
  },
  {
    name: 'environment of the host',
    by: 'code',
    code: 'open("/proc/1/environ")',
    expect: ['EACCES'],
    behind: 'host not dumpable',
  },
  {
    name: 'memory of host and zygote',
    by: 'code',
    code: `${REACH}refused = None
for pid in range(1, 12):
  if pid == os.getpid(): continue
  try: open(f"/proc/{pid}/mem", "r+b")
  except FileNotFoundError: continue
  except PermissionError as error: refused = error
  else: refused = None; break
if refused: raise refused`,
    expect: ['EACCES'],
    behind: 'host not dumpable',
    alsoWithout: ['hide'],
    isShort: true,
  },
  {
    name: 'symbolic link in place of a file',
    by: 'code',
    code: `${REACH}os.symlink("/etc/passwd", "x")`,
    expect: ['EPERM'],
    isShort: true,
  },
  {
    name: 'FIFO in place of a file',
    by: 'code',
    code: `${REACH}os.mkfifo("x")`,
    expect: ['EPERM'],
  },
  {
    name: 'device in place of a file',
    by: 'code',
    code: `${REACH}os.mknod("x", 0o20666, os.makedev(1, 1))`,
    expect: ['EPERM'],
  },
  {
    name: 'hard link out of its folder',
    by: 'code',
    code: `${REACH}open("x", "w").close()\nos.link("x", "/tmp/x")`,
    expect: ['EPERM'],
  },
]
