import { z } from 'zod'

const numbers = z.array(z.number())
const stateSchema = z.object({ scores: numbers, first: numbers, second: numbers, steps: z.number() })

/** Scores by row and column, learned with Adam. */
export interface Table {
  /** Log-softmax of a row's scores divided by the temperature. */
  logprobs(row: number, temperature: number): Float64Array
  /** Add slope · ∂log p(id)/∂scores to the gradient. */
  addGradient(token: { row: number; id: number; slope: number; temperature: number }): void
  /** One step of Adam with the gradient so far, which is then forgotten; its norm before it was scaled down. */
  update(step: { learningRate: number; maxGradientNorm?: number | undefined }): number
  copy(): Table
  state(): z.output<typeof stateSchema>
  restore(state: unknown): void
}

export function createTable({ rows, columns }: { rows: number; columns: number }): Table {
  const count = rows * columns
  const scores = new Float64Array(count)
  const [first, second, gradient] = [
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ]
  let steps = 0
  const logprobs = (row: number, temperature: number): Float64Array => {
    const part = scores.slice(row * columns, (row + 1) * columns).map((score) => score / temperature)
    const top = Math.max(...part)
    const total = Math.log(part.reduce((sum, score) => sum + Math.exp(score - top), 0)) + top
    return part.map((score) => score - total)
  }
  const table: Table = {
    logprobs,
    addGradient({ row, id, slope, temperature }) {
      logprobs(row, temperature).forEach((logprob, column) => {
        const own = column === id ? 1 : 0
        const at = row * columns + column
        gradient[at] = (gradient[at] ?? 0) + (slope * (own - Math.exp(logprob))) / temperature
      })
    },
    update({ learningRate, maxGradientNorm = Infinity }) {
      const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      const scale = norm > maxGradientNorm ? maxGradientNorm / norm : 1
      steps++
      for (let at = 0; at < count; at++) {
        const slope = (gradient[at] ?? 0) * scale
        first[at] = 0.9 * (first[at] ?? 0) + 0.1 * slope
        second[at] = 0.999 * (second[at] ?? 0) + 0.001 * slope * slope
        const mean = (first[at] ?? 0) / (1 - 0.9 ** steps)
        const square = (second[at] ?? 0) / (1 - 0.999 ** steps)
        scores[at] = (scores[at] ?? 0) - (learningRate * mean) / (Math.sqrt(square) + 1e-8)
      }
      gradient.fill(0)
      return norm
    },
    copy() {
      const other = createTable({ rows, columns })
      other.restore(table.state())
      return other
    },
    state: () => ({ scores: [...scores], first: [...first], second: [...second], steps }),
    restore(value) {
      const state = stateSchema.parse(value)
      scores.set(state.scores)
      first.set(state.first)
      second.set(state.second)
      steps = state.steps
    },
  }
  return table
}
