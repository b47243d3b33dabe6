import { exponential, largestOf, sumOf, ZERO } from './arithmetic'
import { Layer, Model, PAGE_TOKENS, Row } from './layout'
import { product } from './product'
import { rmsNorm, rotate, scaled } from './vectors'

const PAGE_ROW: usize = <usize>PAGE_TOKENS << 2
const HIDDEN: f32 = -1e30

/** Keys of a head in a page: panels of 8 tokens, each number by number. Behind them the values: panels of 8 numbers, each token by token. */
@inline
function keysIn(page: usize, model: Model, layer: i32, head: i32): usize {
  return page + <usize>((layer * model.keyValueHeads + head) * 2 * model.headSize) * PAGE_ROW
}

/** Norm and position of a row's queries and keys; keys and values go to its conversation's pages. */
export function prepareRow(model: Model, layer: Layer, layerAt: i32, row: Row, projected: usize): void {
  const size = model.headSize
  const bytes = <usize>size << 2
  let head = projected
  for (let at = 0; at < model.heads; at++, head += bytes) {
    if (layer.queryNorm) rmsNorm(head, layer.queryNorm, size, model.headOwn, model.epsilon, head)
    rotate(head, row.cos, row.sin, size, model.scale)
  }
  const page = load<usize>(row.pages + ((<usize>row.past / PAGE_TOKENS) << 2))
  const slot = <usize>row.past % PAGE_TOKENS
  let value = head + bytes * model.keyValueHeads
  for (let at = 0; at < model.keyValueHeads; at++, head += bytes, value += bytes) {
    if (layer.keyNorm) rmsNorm(head, layer.keyNorm, size, model.headOwn, model.epsilon, head)
    rotate(head, row.cos, row.sin, size, 1)
    const keys = keysIn(page, model, layerAt, at)
    let to = keys + (slot >> 3) * bytes * 8 + ((slot & 7) << 2)
    for (let number: usize = 0; number < bytes; number += 4, to += 32)
      store<f32>(to, load<f32>(head + number))
    to = keys + <usize>size * PAGE_ROW + (slot << 5)
    for (let number: usize = 0; number < bytes; number += 32, to += PAGE_ROW * 8) {
      v128.store(to, v128.load(value + number))
      v128.store(to, v128.load(value + number, 16), 16)
    }
  }
}

/**
 * Attention of the queries of a row that share a head of keys, page by page: what was summed is scaled down where a later page has a larger score, so that only one page's scores are held.
 */
export function attend(
  model: Model,
  layer: i32,
  row: Row,
  head: i32,
  projected: usize,
  mixed: usize,
  scratch: usize,
): void {
  const size = model.headSize
  const bytes = <usize>size << 2
  const group = model.heads / model.keyValueHeads
  const queries = projected + <usize>(head * group) * bytes
  // Scores of each query within a page, its mix of values, its largest score, and its sum.
  const scores = scratch
  const mix = scores + <usize>group * PAGE_ROW
  const largest = mix + <usize>group * bytes
  const sums = largest + (<usize>group << 2)
  for (let at = largest; at < sums; at += 4) store<f32>(at, HIDDEN)
  memory.fill(mix, 0, <usize>group * bytes)
  memory.fill(sums, 0, <usize>group << 2)
  const tokens = row.past + 1
  let table = row.pages
  for (let first = 0; first < tokens; first += PAGE_TOKENS, table += 4) {
    const count = min(PAGE_TOKENS, tokens - first)
    const panels = (count + 7) >> 3
    const keys = keysIn(load<usize>(table), model, layer, head)
    product(queries, bytes, group, size, keys, bytes * 8, panels, scores, PAGE_ROW, 0, false)
    for (let query = 0; query < group; query++) {
      const own = scores + <usize>query * PAGE_ROW
      weigh(own, count, panels, largest + (<usize>query << 2), sums + (<usize>query << 2), mix + <usize>query * bytes, size)
    }
    const values = keys + <usize>size * PAGE_ROW
    product(scores, PAGE_ROW, group, count, values, PAGE_ROW * 8, size >> 3, mix, bytes, 0, true)
  }
  for (let query = 0; query < group; query++) {
    const own = <usize>query * bytes
    const scale: f32 = <f32>1 / load<f32>(sums + (<usize>query << 2))
    scaled(mix + own, scale, size, mixed + <usize>(head * group) * bytes + own)
  }
}

/** Softmax of a page's scores as far as it is known: each becomes e^(score − largest so far). */
function weigh(
  scores: usize,
  count: i32,
  panels: i32,
  largest: usize,
  sum: usize,
  mix: usize,
  size: i32,
): void {
  const end = scores + (<usize>panels << 5)
  for (let at = scores + (<usize>count << 2); at < end; at += 4) store<f32>(at, HIDDEN)
  let most = v128.load(scores)
  for (let at = scores + 16; at < end; at += 16) most = f32x4.max(most, v128.load(at))
  const before = load<f32>(largest)
  const now = max(before, largestOf(most))
  let total = load<f32>(sum)
  if (now > before) {
    const scale = f32x4.extract_lane(exponential(f32x4.splat(before - now)), 0)
    scaled(mix, scale, size, mix)
    total *= scale
    store<f32>(largest, now)
  }
  const shift = f32x4.splat(now)
  let sums = ZERO
  for (let at = scores; at < end; at += 16) {
    const weight = exponential(f32x4.sub(v128.load(at), shift))
    v128.store(at, weight)
    sums = f32x4.add(sums, weight)
  }
  store<f32>(sum, total + sumOf(sums))
}
