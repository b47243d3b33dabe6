/** End a process with SIGKILL. @returns false where there is none, or none any more: those of a sandbox come and go. */
export function killProcess(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
