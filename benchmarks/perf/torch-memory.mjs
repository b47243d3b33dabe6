// What the torch engine holds on a GPU for each of the paper's backbones, computed from the shapes of their parameters: the table of docs/full-scale.md.
//
//     npm run build && node benchmarks/perf/torch-memory.mjs [--tokens 32768] [--rank 16]
import { parseArgs } from 'node:util'
import { parseModelConfig } from '../../dist/models/config/read-config.js'
import { torchMemory } from '../../dist/policies/torch/torch-memory.js'
import { BACKBONES } from './backbones.mjs'

const { values } = parseArgs({
  options: { tokens: { type: 'string', default: '32768' }, rank: { type: 'string', default: '16' } },
})
const tokens = Number(values.tokens)
const gb = (bytes) => (bytes / 1e9).toFixed(1)
console.log(
  '| backbone | trained | parameters, trained (10⁹) | weights | gradients, moments, float32 copies | reference | at an update | activations | SFT, peak | GRPO, peak | a conversation of that length |',
)
console.log(`|${' --- |'.repeat(11)}`)
for (const [name, { config: value }] of Object.entries(BACKBONES)) {
  const config = parseModelConfig({ value, where: name })
  for (const train of ['lora', 'full']) {
    const need = torchMemory({ config, train, rank: Number(values.rank), tokens })
    // Activations are gone when the weights are moved.
    const held = need.weights + need.training
    const peak = held + Math.max(need.update, need.activations)
    const cells = [
      ...[name, train, `${(need.parameters / 1e9).toFixed(2)}, ${(need.trained / 1e9).toFixed(2)}`],
      ...[need.weights, need.training, need.reference, need.update, need.activations].map(gb),
      ...[peak, peak + need.reference, need.perToken * tokens].map(gb),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}
