/** Between two states that are shown, in milliseconds: in a terminal, and as lines of their own. */
const EVERY = { terminal: 100, lines: 10_000 }

/** How many are done of a number that is not known, on stderr. */
export interface CountDisplay {
  update(count: number): void
  /** Print a line without tearing the count. */
  print(line: string, stream?: 'stdout' | 'stderr'): void
  stop(): void
}

/** @param describe the count for a reader, such as `12 rows written` */
export function createCountDisplay(describe: (count: number) => string): CountDisplay {
  const { isTTY } = process.stderr
  let shown = performance.now()
  let isOpen = false
  const clear = (): void => {
    if (isOpen) process.stderr.write('\r\u001b[K')
    isOpen = false
  }
  return {
    update(count) {
      if (performance.now() - shown < (isTTY ? EVERY.terminal : EVERY.lines)) return
      shown = performance.now()
      if (!isTTY) return void console.error(describe(count))
      clear()
      process.stderr.write(describe(count))
      isOpen = true
    },
    print(line, stream = 'stderr') {
      clear()
      if (stream === 'stdout') console.log(line)
      else console.error(line)
    },
    stop: clear,
  }
}
