import { expect, test } from '@jest/globals'
import { guardTerminal } from './guard-terminal.js'

function printed({ isTTY }: { isTTY: boolean }) {
  const lines: unknown[][] = []
  const console = {
    log: (...values: unknown[]) => void lines.push(values),
    error: (...values: unknown[]) => void lines.push(values),
  }
  guardTerminal({ console, stdout: { isTTY }, stderr: { isTTY } })
  return { console, lines }
}

const CLIPBOARD = '\u001b]52;c;cm0gLXJmIH4=\u0007'

test('a terminal is shown control characters as symbols, those in errors too; line breaks stay', () => {
  const { console, lines } = printed({ isTTY: true })
  console.log(`printed │ ${CLIPBOARD}\n100 %s`)
  console.error(new Error(CLIPBOARD))
  expect(lines[0]).toEqual(['%s', 'printed │ ␛]52;c;cm0gLXJmIH4=␇\n100 %s'])
  expect(lines[1]?.[1]).toMatch(/^Error: ␛\]52/)
})

test('a file or a pipe is given everything as it is', () => {
  const { console, lines } = printed({ isTTY: false })
  console.log(CLIPBOARD)
  expect(lines).toEqual([[CLIPBOARD]])
})
