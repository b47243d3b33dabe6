import { chartqapro } from './chartqapro.js'
import { hrbench } from './hrbench.js'
import type { Layout } from './layout.js'
import { mvtoolbench } from './mvtoolbench.js'
import { ocrbench } from './ocrbench.js'
import { orientation } from './orientation.js'
import { vstar } from './vstar.js'

export const LAYOUT_NAMES = [
  'mvtoolbench',
  'ocrbench',
  'chartqapro',
  'vstar',
  'hrbench',
  'orientation',
] as const

export type LayoutName = (typeof LAYOUT_NAMES)[number]

/** Layouts of rows by the name that a suite's definition gives. */
export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  mvtoolbench,
  ocrbench,
  chartqapro,
  vstar,
  hrbench,
  orientation,
}
