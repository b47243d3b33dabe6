import type { CommandModule } from 'yargs'
import type { Diagnosis } from '../setup/doctor.js'
import { commandLine } from './command-line.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'

const RUNTIMES = ['auto', 'bubblewrap', 'docker', 'podman'] as const

interface DoctorArguments {
  json: boolean
  sandbox: boolean
  runtime: (typeof RUNTIMES)[number]
}

export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'What works here, and the command that corrects what does not',
  builder: (command) =>
    command
      .option('json', { type: 'boolean', default: false, describe: 'Print the findings as JSON' })
      .option('sandbox', {
        type: 'boolean',
        default: false,
        describe: 'Try to break each layer of the containment, and print what held',
      })
      .option('runtime', {
        ...oneOf('--runtime', RUNTIMES),
        default: 'auto' as const,
        describe: 'Containment that --sandbox tries',
      })
      .example('$0 doctor --sandbox', 'One line for each layer; exit code 1 if one did not hold')
      .example('$0 doctor', 'One line for each part; exit code 0 if a sandbox can run')
      .example('$0 doctor --json', 'The same for programs, versions included'),
  handler: async ({ json, sandbox, runtime }) => {
    if (sandbox) return tryLayers({ json, runtime })
    const { examine } = await import('../setup/doctor.js')
    const diagnosis = await examine()
    console.log(json ? JSON.stringify(diagnosis, null, 2) : toText(diagnosis))
    if (diagnosis.runtimes.length === 0) process.exitCode = EXIT.failed
  },
}

async function tryLayers({
  json,
  runtime,
}: {
  json: boolean
  runtime: DoctorArguments['runtime']
}): Promise<void> {
  const { probeLayers } = await import('../attacks/probe-layers.js')
  const probed = await probeLayers({ runtime })
  if (json) console.log(JSON.stringify(probed, null, 2))
  else {
    const width = Math.max(...probed.layers.map(({ layer }) => layer.length))
    for (const { layer, hasHeld, detail } of probed.layers)
      console.log(`${hasHeld ? 'held' : 'BROKEN'}  ${layer.padEnd(width)}  ${detail}`)
    console.log()
    for (const [what, by] of Object.entries(probed.containment)) console.log(`${what.padEnd(18)}${by}`)
    const broken = probed.layers.filter(({ hasHeld }) => !hasHeld).length
    console.log(
      broken === 0
        ? `\n${probed.runtime}: every layer held.`
        : `\n${probed.runtime}: ${broken} of ${probed.layers.length} layers did not hold. Run no code that you do not trust here.`,
    )
  }
  if (probed.layers.some(({ hasHeld }) => !hasHeld)) process.exitCode = EXIT.failed
}

/** Fixes name the program as documents do. */
function asStarted(fix: string): string {
  return fix.replace(/\bcodevision(?= setup\b)/, commandLine([]))
}

/** What was found, a line each, and how to mend it. */
export function toText({ findings, runtimes }: Diagnosis): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 11)
  const lines = findings.flatMap((finding) => {
    const line = `${finding.status.padEnd(9)}${finding.name.padEnd(width + 2)}${finding.detail.replaceAll('\n', `\n${indent}`)}`
    return finding.status === 'ok' ? [line] : [line, `${indent}fix: ${asStarted(finding.fix)}`]
  })
  const verdict =
    runtimes.length === 0
      ? 'No sandbox can run here yet. Type one of the fixes above, or try: ' + commandLine(['setup'])
      : `A sandbox can run in: ${runtimes.join(', ')}.`
  return [...lines, '', verdict].join('\n')
}
