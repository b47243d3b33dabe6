import { UsageError } from '../../core/errors.js'
import { expectNoSecret } from '../../core/expect-no-secret.js'
import { expectWhole } from '../../core/expect-whole.js'
import { expectAmount, MEMORY } from '../shards/expect-amount.js'
import { expectNoSecretWords } from '../shards/expect-no-secret-words.js'
import type { ShardedCommand } from '../shards/sharded-command.js'
import type { SlurmSettings } from './slurm-settings.js'
import { checkTimeLimit } from './time-limit.js'

const ADVICE = "Put it into a file of shell that only you can read, and write --prepare '. FILE'."
/** A variable and its value, as far as they stand in a line of shell. */
const ASSIGNMENT = /([A-Za-z_]\w*)\+?=("[^"]*"|'[^']*'|[^\s;&|()<>]*)/g
/** Of an address a user or a password that is a variable's. */
const NAMED_USER = /(?<=:\/\/)[^\s/?#@]*\$[^\s/?#@]*@/g

/** @throws UsageError for what Slurm would refuse, what would put a key into the files, or leave no time for samples. */
export function checkSettings({
  command,
  settings: { parallelism, cpus, memory, time, prepare },
}: {
  command: ShardedCommand
  settings: SlurmSettings
}): void {
  expectWhole({ option: '--parallelism', value: parallelism })
  expectWhole({ option: '--cpus', value: cpus, most: 1024 })
  expectAmount({ ...MEMORY, value: memory })
  if (time !== null) checkTimeLimit(time)
  if (prepare !== null) checkPrepare(prepare)
  expectNoSecretWords({ command, advice: ADVICE })
}

function checkPrepare(prepare: string): void {
  if (prepare.includes('\n')) throw new UsageError('--prepare: expected one line of shell, got several')
  for (const [, name = '', value = ''] of prepare.matchAll(ASSIGNMENT))
    // What another variable or a command says is not in the line.
    if (!/^"?(?:[$`](?!['"])|"?$)/.test(value))
      expectNoSecret({ option: '--prepare', name, value: '', advice: ADVICE })
  expectNoSecret({ option: '--prepare', value: prepare.replaceAll(NAMED_USER, ''), advice: ADVICE })
}
