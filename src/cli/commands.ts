import type { Argv, CommandModule } from 'yargs'
import { cleanCommand } from './clean.js'
import { clusterCommand } from './cluster.js'
import { compareCommand } from './compare.js'
import { conformanceCommand } from './conformance.js'
import { dataCommand } from './data.js'
import { demoCommand } from './demo.js'
import { doctorCommand } from './doctor.js'
import { evalCommand } from './eval.js'
import { experimentCommand } from './experiment.js'
import { exportCommand } from './export.js'
import { mergeCommand } from './merge.js'
import { recipeCommand } from './recipe.js'
import { reportCommand } from './report.js'
import { runCommand } from './run.js'
import { scoreCommand } from './score.js'
import { serveCommand } from './serve.js'
import { setupCommand } from './setup.js'
import { trainCommand } from './train.js'
import { viewCommand } from './view.js'

/** Adds one command to the parser. */
export interface Registration {
  (parser: Argv): Argv
  /** Its name, where it is known. */
  readonly command?: string
}

/** Every command, in the order in which --help lists them. */
export const COMMANDS: readonly Registration[] = [
  register(doctorCommand),
  register(setupCommand),
  register(demoCommand),
  register(runCommand),
  register(evalCommand),
  register(scoreCommand),
  register(compareCommand),
  register(reportCommand),
  register(viewCommand),
  register(mergeCommand),
  register(exportCommand),
  register(serveCommand),
  register(dataCommand),
  register(recipeCommand),
  register(trainCommand),
  register(experimentCommand),
  register(clusterCommand),
  register(conformanceCommand),
  register(cleanCommand),
]

/** Modules of different options have no type in common that a list could hold; what adds them to a parser has. */
function register<Options>(module: CommandModule<object, Options>): Registration {
  const [command = ''] = String(module.command).split(' ')
  return Object.assign((parser: Argv) => parser.command(module), { command })
}
