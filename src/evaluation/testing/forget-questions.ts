import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Leave out of a run's identity what was asked, as versions did that did not record it. */
export async function forgetQuestions(path: string): Promise<void> {
  const file = join(path, 'manifest.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { identity: { dataset: object } }
  const { dataset } = manifest.identity
  manifest.identity.dataset = { ...dataset, questions: undefined }
  await writeFile(file, JSON.stringify(manifest))
}
