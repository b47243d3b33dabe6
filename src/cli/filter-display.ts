import { createDisplay, type Display } from './display.js'

/** How far rows are read, or written. */
export interface FilterStep {
  step: 'reading' | 'writing'
  done: number
  total: number
}

/** Progress of the steps before and after the rollouts. */
export function createFilterDisplay(): Display<FilterStep> {
  return createDisplay({
    format: '{name} {bar} {value}/{total} rows',
    show: ({ step, done, total }) => ({
      name: step,
      value: done,
      total,
      note: '',
      line: `${step} ${done} of ${total} rows`,
    }),
  })
}
