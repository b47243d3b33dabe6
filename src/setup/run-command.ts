import { execa } from 'execa'

export interface CommandResult {
  /** It started, ended by itself in time, and answered 0. */
  isOk: boolean
  /** It does not exist on the search path (or at the given path). */
  isMissing: boolean
  stdout: string
  /** Why it failed, in its own words where it said any: the end of stderr, or of stdout. Empty where it did not fail. */
  problem: string
}

export interface CommandParameters {
  file: string
  args: readonly string[]
  cwd?: string
  env?: Readonly<Record<string, string>>
  timeoutMs?: number
  /** Each line that the command writes, to either stream, as it comes. */
  onLine?: ((line: string) => void) | undefined
  signal?: AbortSignal | undefined
}

const PROBLEM_LINES = 8

/**
 * Run a helper program to its end, without input. What it answers is data: a failure is a result.
 * @throws AbortError when the signal was aborted; the program has ended by then.
 */
export async function runCommand({
  file,
  args,
  cwd,
  env = {},
  timeoutMs,
  onLine,
  signal,
}: CommandParameters): Promise<CommandResult> {
  signal?.throwIfAborted()
  const running = execa(file, args, {
    reject: false,
    all: true,
    stdin: 'ignore',
    env,
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  if (onLine !== undefined) for await (const line of running.iterable({ from: 'all' })) onLine(line)
  const result = await running
  signal?.throwIfAborted()
  return {
    isOk: !result.failed,
    isMissing: result.code === 'ENOENT',
    stdout: result.stdout,
    problem: result.failed
      ? lastLines(result.stderr) ||
        lastLines(result.stdout) ||
        (result.originalMessage ?? '') ||
        (result.shortMessage ?? '')
      : '',
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-PROBLEM_LINES).join('\n').trim()
}
