import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { resolveRuntime } from './wiring.js'

const root = fileURLToPath(new URL('../', import.meta.url))

/** What docs/host-tools.md says that the example prints; how long a use took is the machine's. */
function withoutTimes(text: string): string {
  return text.replace(/\d+ ms/g, 'N ms').trim()
}

async function printedInDocs(): Promise<string> {
  const docs = await readFile(`${root}docs/host-tools.md`, 'utf8')
  const [, block = ''] = /node examples\/host-tools\.mjs\n\n((?: {4}.*\n)+)/.exec(docs) ?? []
  return block.replace(/^ {4}/gm, '')
}

/** Why the example cannot run here; null where it can. It takes the sandbox of this machine, whichever runtime is under test. */
async function missing(): Promise<string | null> {
  try {
    createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')
    await resolveRuntime('auto')
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const reason = await missing()
const testHere = reason === null ? test : test.skip

testHere(
  `examples/host-tools.mjs prints what docs/host-tools.md shows${reason === null ? '' : ` (not run: ${reason})`}`,
  async () => {
    const { stdout } = await execa('node', ['examples/host-tools.mjs'], { cwd: root })
    const shown = await printedInDocs()
    expect(shown).toContain('printed: [7.0, 12.0]')
    expect(withoutTimes(stdout)).toBe(withoutTimes(shown))
  },
)
