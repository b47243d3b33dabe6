import { attend, prepareRow } from './attention'
import { Layer, layerAt, Model, rowAt, Workspace } from './layout'
import { product } from './product'
import { rmsNorm, swiglu } from './vectors'

/** Compute the rows of a workspace: their keys and values go to their conversations' pages, and the scores of the next token to the workspace for those that want them. */
export function step(model: Model, work: Workspace): void {
  embed(model, work)
  for (let at = 0; at < model.layers; at++) runLayer(model, layerAt(model, at), at, work)
  score(model, work)
}

function embed(model: Model, work: Workspace): void {
  const bytes = <usize>model.hidden << 2
  for (let at = 0; at < work.rows; at++) {
    const token = <usize>rowAt(work, at).token
    const to = work.x + <usize>at * bytes
    if (model.embedding) {
      memory.copy(to, model.embedding + token * bytes, bytes)
      continue
    }
    // A column of the head.
    let from = model.head + (token >> 3) * bytes * 8 + ((token & 7) << 2)
    for (let number: usize = 0; number < bytes; number += 4, from += 32)
      store<f32>(to + number, load<f32>(from))
  }
}

function runLayer(model: Model, layer: Layer, at: i32, work: Workspace): void {
  const rows = work.rows
  const hidden = <usize>model.hidden << 2
  const mixed = <usize>(model.heads * model.headSize) << 2
  const projected = mixed + (<usize>(2 * model.keyValueHeads * model.headSize) << 2)
  const feed = <usize>model.intermediate << 2

  normRows(model, layer.inputNorm, work)
  product(work.normed, hidden, rows, model.hidden, layer.projection, hidden * 8, panelsOf(projected), work.projected, projected, layer.projectionBias, false)
  for (let row = 0; row < rows; row++)
    prepareRow(model, layer, at, rowAt(work, row), work.projected + <usize>row * projected)
  for (let row = 0; row < rows; row++)
    for (let head = 0; head < model.keyValueHeads; head++)
      attend(model, at, rowAt(work, row), head, work.projected + <usize>row * projected, work.mixed + <usize>row * mixed, work.scratch)
  product(work.mixed, mixed, rows, model.heads * model.headSize, layer.output, mixed * 8, panelsOf(hidden), work.x, hidden, 0, true)

  normRows(model, layer.feedNorm, work)
  product(work.normed, hidden, rows, model.hidden, layer.gate, hidden * 8, panelsOf(feed), work.gate, feed, 0, false)
  product(work.normed, hidden, rows, model.hidden, layer.up, hidden * 8, panelsOf(feed), work.up, feed, 0, false)
  swiglu(work.gate, work.up, feed * rows)
  product(work.gate, feed, rows, model.intermediate, layer.down, feed * 8, panelsOf(hidden), work.x, hidden, 0, true)
}

function normRows(model: Model, weight: usize, work: Workspace): void {
  const bytes = <usize>model.hidden << 2
  const end = <usize>work.rows * bytes
  for (let at: usize = 0; at < end; at += bytes)
    rmsNorm(work.x + at, weight, model.hidden, model.hiddenOwn, model.epsilon, work.normed + at)
}

/** Scores of the rows that want them. */
function score(model: Model, work: Workspace): void {
  const bytes = <usize>model.hidden << 2
  for (let at = 0; at < work.rows; at++) {
    const place = rowAt(work, at).scored
    if (place >= 0)
      rmsNorm(work.x + <usize>at * bytes, model.finalNorm, model.hidden, model.hiddenOwn, model.epsilon, work.normed + <usize>place * bytes)
  }
  product(work.normed, bytes, work.scored, model.hidden, model.head, bytes * 8, model.vocabulary >> 3, work.scores, <usize>model.vocabulary << 2, 0, false)
}

/** Panels of a matrix whose rows of outputs have so many bytes. */
@inline
function panelsOf(bytes: usize): i32 {
  return <i32>(bytes >> 5)
}
