import type { CommandModule } from 'yargs'

interface ReportArguments {
  run: string[]
  inline: boolean
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <run..>',
  describe: 'Write the report of runs: a page each, to be opened in a browser',
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('inline', {
        type: 'boolean',
        default: false,
        describe: 'One file that holds everything, images included; at most 200 MB',
      })
      .example('$0 report runs/mine', 'runs/mine/report.html, with chunks beside it')
      .example('$0 report runs/mine --inline', 'runs/mine/report-inline.html, to be sent to someone'),
  handler: async ({ run: paths, inline }) => {
    const { writeReport } = await import('../report/write-report.js')
    for (const path of paths) {
      const { file, samples, bytes } = await writeReport({ path, inline })
      console.log(
        `Written: ${file} (${samples} ${samples === 1 ? 'sample' : 'samples'}, ${(bytes / 1e6).toFixed(1)} MB)`,
      )
    }
  },
}
