import type { Attack } from './attack.js'
import { FAULTS } from './faults.js'
import { ANSWERS } from './list/answers.js'
import { FILES } from './list/files.js'
import { IMAGES } from './list/hostile-images.js'
import { MEMORY } from './list/memory.js'
import { networkAttacks, type NetworkTargets } from './list/network.js'
import { PROCESSES } from './list/processes.js'
import { REACHING } from './list/reach.js'
import { RESULTS } from './list/results.js'
import { TOOL_ATTACKS } from './list/tools.js'

/** Every attack and fault, in the order in which they are tried. */
export function listedAttacks(targets: NetworkTargets): readonly Attack[] {
  return [
    ...PROCESSES,
    ...MEMORY,
    ...FILES,
    ...networkAttacks(targets),
    ...REACHING,
    ...ANSWERS,
    ...TOOL_ATTACKS,
    ...RESULTS,
    ...IMAGES,
    ...FAULTS,
  ]
}
