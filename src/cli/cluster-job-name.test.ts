import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { createParser } from './parser.js'

// Nothing answers there: what is refused is refused before the cluster is asked.
const refusalOf = async (...words: string[]): Promise<unknown> =>
  createParser({ words: ['cluster', ...words, '--address', 'http://127.0.0.1:9'] }).parseAsync()

test.each(['status', 'logs', 'stop'])(
  'cluster %s with an empty name is refused in words',
  async (command) => {
    for (const name of ['', ' ']) {
      const refused = refusalOf(command, name)
      await expect(refused).rejects.toThrow(UsageError)
      await expect(refused).rejects.toThrow(`id: expected the name of a job, got ${JSON.stringify(name)}`)
    }
  },
)

test('cluster status --wait without a name is refused, since nothing would be waited for', async () => {
  const refused = refusalOf('status', '--wait')
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow('expected the name of the job to wait for, got none')
})
