// Write a stage's checkpoint as it is shipped: weights in BF16, without the optimizer's state. What else stands in the folder, such as a model card, is left alone.
//
//     npm run build && node benchmarks/mini/ship.mjs runs/mini-base/checkpoint checkpoints/mini/base
import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openBackend } from '../../dist/models/backend/open-backend.js'
import { openModel } from '../../dist/models/open-model.js'
import { saveWeights } from '../../dist/models/weights/save-weights.js'

const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined)
  throw new Error('expected two folders, such as: runs/mini-base/checkpoint checkpoints/mini/base')
await openBackend('auto')
const model = await openModel(from)
await saveWeights({ directory: to, config: model.config, weights: model.weights, type: 'BF16' })
for (const name of await readdir(from))
  if (/\.(json|jinja)$/.test(name)) await copyFile(join(from, name), join(to, name))
model.weights.dispose()
