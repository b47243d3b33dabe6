// What benchmarks/perf/engine.mjs gives every engine to do: models of three sizes, and for each a prompt to read, a question to go on from, and a batch to learn from.
import { uniformStream } from '../../dist/core/uniform-stream.js'

const SIDE = 16 // Patches of 14 pixels along a side of the image: 64 visual tokens.
const VOCABULARY = 1024
const PAD = VOCABULARY - 1

/** config.json of Qwen2.5-VL models by about how many parameters they have. */
export const SHAPES = {
  '1M': shapeOf({
    hidden: 128,
    inner: 352,
    layers: 4,
    heads: 4,
    shared: 2,
    vision: 64,
    visionInner: 176,
    depth: 4,
  }),
  '4M': shapeOf({
    hidden: 256,
    inner: 704,
    layers: 4,
    heads: 8,
    shared: 2,
    vision: 128,
    visionInner: 384,
    depth: 4,
  }),
  '12M': shapeOf({
    hidden: 384,
    inner: 1056,
    layers: 6,
    heads: 6,
    shared: 2,
    vision: 192,
    visionInner: 528,
    depth: 4,
  }),
}

function shapeOf({ hidden, inner, layers, heads, shared, vision, visionInner, depth }) {
  const size = hidden / heads
  const side = Math.floor(size / 2 / 8) * 3
  return {
    architectures: ['Qwen2_5_VLForConditionalGeneration'],
    model_type: 'qwen2_5_vl',
    image_token_id: PAD,
    video_token_id: PAD - 1,
    vision_start_token_id: PAD - 2,
    vision_end_token_id: PAD - 3,
    tie_word_embeddings: true,
    vision_config: {
      model_type: 'qwen2_5_vl',
      depth,
      hidden_size: vision,
      intermediate_size: visionInner,
      num_heads: 4,
      out_hidden_size: hidden,
      patch_size: 14,
      spatial_merge_size: 2,
      temporal_patch_size: 2,
      window_size: 112,
      fullatt_block_indexes: [depth - 1],
    },
    text_config: {
      model_type: 'qwen2_5_vl_text',
      hidden_size: hidden,
      intermediate_size: inner,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      num_key_value_heads: shared,
      vocab_size: VOCABULARY,
      max_position_embeddings: 4096,
      bos_token_id: null,
      eos_token_id: PAD - 4,
      tie_word_embeddings: true,
      rope_parameters: {
        mrope_section: [size / 2 - 2 * side, side, side],
        rope_theta: 10_000,
        rope_type: 'default',
      },
    },
  }
}

/** The same for every engine, seeded. */
export function workOf({ threads }) {
  const uniform = uniformStream('engine')
  const tokens = (SIDE * SIDE) / 4
  const text = (count) => Array.from({ length: count }, () => Math.floor(uniform() * 1000))
  const withImage = (count) => [
    ...text(8),
    PAD - 2,
    ...Array.from({ length: tokens }, () => PAD),
    PAD - 3,
    ...text(count - tokens - 10),
  ]
  const row = 3 * 2 * 14 * 14
  return {
    threads,
    grid: [SIDE, SIDE],
    patches: [SIDE * SIDE, row],
    pixels: Float32Array.from({ length: SIDE * SIDE * row }, () => uniform() * 2 - 1),
    /** Read at once. */
    prompt: withImage(512),
    /** Gone on from, in so many conversations at once. */
    question: withImage(160),
    counts: [1, 8, 32],
    written: 32,
    /** Learned from, so many sequences in a step, the last tokens of each. */
    lesson: withImage(256),
    batch: 8,
    learned: 128,
  }
}
