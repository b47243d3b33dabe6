import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkData, type DataReport } from '../check-data.js'
import { describeFinding } from '../describe-finding.js'
import type { CheckName } from '../finding.js'
import { picture } from './picture.js'

export interface Workbench {
  /** A row without fault, with a question of its own, but for what is changed. */
  row(changes?: Record<string, unknown>): Record<string, unknown>
  /** Write rows; the path. */
  jsonl(name: string, rows: readonly unknown[]): Promise<string>
  /** Findings as lines, as they are printed, with the folder left out. */
  check(
    paths: readonly string[],
    without?: readonly CheckName[],
  ): Promise<{ lines: string[]; report: DataReport }>
  /** Findings of a file of these rows. */
  linesOf(name: string, rows: readonly unknown[]): Promise<string[]>
  /** The picture of every row that names no other: 120 × 90. */
  readonly base: Buffer
}

/** What it takes to check small files in a folder. */
export async function createWorkbench({ folder }: { folder: string }): Promise<Workbench> {
  const base = await picture({ seed: 'base' })
  let asked = 0
  const jsonl: Workbench['jsonl'] = async (name, rows) => {
    const path = join(folder, name)
    await writeFile(path, rows.map((value) => `${JSON.stringify(value)}\n`).join(''))
    return path
  }
  const check: Workbench['check'] = async (paths, without = []) => {
    const lines: string[] = []
    const report = await checkData({
      paths,
      without,
      onFinding: (finding) => lines.push(describeFinding(finding).replaceAll(`${folder}/`, '')),
    })
    return { lines, report }
  }
  return {
    row(changes = {}) {
      asked++
      return { question: `What stands in line ${asked}?`, answer: 'Tulip', image: cell(base), ...changes }
    },
    jsonl,
    check,
    linesOf: async (name, rows) => (await check([await jsonl(name, rows)])).lines,
    base,
  }
}

/** An image as a JSON row holds it. */
export function cell(bytes: Buffer): { bytes: string } {
  return { bytes: bytes.toString('base64') }
}
