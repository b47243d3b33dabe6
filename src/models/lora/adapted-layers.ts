import { UsageError } from '../../core/errors.js'
import type { ModelConfig } from '../config/model-config.js'
import { parameterShapes } from '../weights/parameter-shapes.js'

/** A linear layer: x [rows, in] becomes [rows, out]. */
export interface LinearLayer {
  /** Its name in transformers 5, without `.weight`. */
  readonly name: string
  readonly in: number
  readonly out: number
}

const TEXT = 'model.language_model.'
const VISION = 'model.visual.'
const OF_VISION = 'visual.'
const WEIGHT = '.weight'

/**
 * The layers that `targets` name (see `LoraSettings`), in the order in which they are computed. The embedding, the output head and the embeddings of patches and their positions take no adapters.
 * @throws UsageError when a target names no layer.
 */
export function adaptedLayers({
  targets,
  config,
}: {
  targets: readonly string[]
  config: ModelConfig
}): LinearLayer[] {
  const layers = linearLayers(config)
  const lost = targets.find((target) => !layers.some(({ name }) => isNamed({ name, target })))
  if (lost !== undefined || targets.length === 0)
    throw new UsageError(
      `expected ends of names of linear layers as targets of LoRA (such as q_proj, or visual.attn.qkv for the vision tower), got ${lost ?? 'none'}; there are ${[...new Set(layers.map(ending))].join(', ')}`,
    )
  return layers.filter(({ name }) => targets.some((target) => isNamed({ name, target })))
}

/** Every layer that may have an adapter. */
export function linearLayers(config: ModelConfig): LinearLayer[] {
  return [...parameterShapes(config)].flatMap(([parameter, shape]) => {
    const name = parameter.slice(0, -WEIGHT.length)
    const [out, from] = shape
    const isLayer =
      parameter.endsWith(WEIGHT) && (name.startsWith(TEXT) || name.startsWith(VISION)) && shape.length === 2
    const isTable = /(?:embed_tokens|pos_embed)$/.test(name)
    return isLayer && !isTable && out !== undefined && from !== undefined ? [{ name, in: from, out }] : []
  })
}

function isNamed({ name, target }: { name: string; target: string }): boolean {
  const [prefix, end] = target.startsWith(OF_VISION)
    ? [VISION, target.slice(OF_VISION.length)]
    : [TEXT, target]
  return name.startsWith(prefix) && `.${name.slice(prefix.length)}`.endsWith(`.${end}`)
}

/** A target that names the layer and its like. */
function ending({ name }: LinearLayer): string {
  const isVision = name.startsWith(VISION)
  const own = name.slice((isVision ? VISION : TEXT).length).replace(/^.*\.\d+\.(?=.*[a-z])/, '')
  return isVision ? OF_VISION + own : (own.split('.').at(-1) ?? own)
}
