import type { CommandModule } from 'yargs'
import type { Diagnosis } from '../setup/doctor.js'
import { EXIT } from './report-failure.js'

interface DoctorArguments {
  json: boolean
}

export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'What works here, and the command that corrects what does not',
  builder: (command) =>
    command
      .option('json', { type: 'boolean', default: false, describe: 'Print the findings as JSON' })
      .example('$0 doctor', 'One line for each part; exit code 0 if a sandbox can run')
      .example('$0 doctor --json', 'The same for programs, versions included'),
  handler: async ({ json }) => {
    const { examine } = await import('../setup/doctor.js')
    const diagnosis = await examine()
    console.log(json ? JSON.stringify(diagnosis, null, 2) : toText(diagnosis))
    if (diagnosis.runtimes.length === 0) process.exitCode = EXIT.failed
  },
}

function toText({ findings, runtimes }: Diagnosis): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 11)
  const lines = findings.flatMap((finding) => {
    const line = `${finding.status.padEnd(9)}${finding.name.padEnd(width + 2)}${finding.detail.replaceAll('\n', `\n${indent}`)}`
    return finding.status === 'ok' ? [line] : [line, `${indent}fix: ${finding.fix}`]
  })
  const verdict =
    runtimes.length === 0
      ? 'No sandbox can run here yet. Try: codevision setup'
      : `A sandbox can run in: ${runtimes.join(', ')}.`
  return [...lines, '', verdict].join('\n')
}
