import type { BuildStep } from '../data/mvtoolbench-build/build-mvtoolbench.js'
import { createDisplay, type Display } from './display.js'

/** Progress of a build: a bar for each of its steps. */
export function createBuildDisplay(): Display<BuildStep> {
  return createDisplay({
    format: '{name} {bar} {percentage} % · {note}',
    show(step) {
      const share = step.step === 'reading' ? step.share : step.done / step.total
      const note = step.step === 'reading' ? `${step.images} images` : `${step.done} of ${step.total} rows`
      const line = `${step.step} ${Math.floor(share * 100)} % · ${note}`
      return { name: step.step, value: share, total: 1, note, line }
    },
  })
}
