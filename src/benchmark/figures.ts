import type { HangingFigure } from './hanging.js'
import type { machine } from './machine.js'
import type { Row } from './run-grid.js'
import type { SessionMemory } from './session-memory.js'
import type { SoakFigure } from './soak.js'

/** All that a run of the benchmark measured. */
export interface Figures {
  machine: ReturnType<typeof machine>
  /** ISO 8601. */
  date: string
  rows: Row[]
  memory?: SessionMemory
  hanging?: HangingFigure
  soak?: SoakFigure
}
