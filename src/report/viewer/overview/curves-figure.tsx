import type { TrainingCurves } from '../../training-curves.js'
import { plural } from '../words.js'
import { chooseCurves } from './choose-curves.js'
import { CurvePlot } from './curve-plot.js'

/** What a training measured step by step, each figure on its own scale; nothing where the run was none. */
export function CurvesFigure({
  training,
  samples,
}: {
  training: TrainingCurves | null
  /** Trajectories that the run holds. */
  samples: number
}) {
  if (training === null) return null
  const { steps } = training
  const values = new Map(training.figures)
  const { first, others } = chooseCurves([...values.keys()])
  const plots = (names: readonly string[]) => (
    <div class="curves">
      {names.map((name) => (
        <CurvePlot key={name} name={name} steps={steps} values={values.get(name) ?? []} />
      ))}
    </div>
  )
  return (
    <section class="figure wide" aria-labelledby="curves-title">
      <h2 id="curves-title">Training</h2>
      <p class="muted">
        {plural(steps.at(-1) ?? 0, 'step')}; each curve on its own scale. All of it is in metrics.jsonl and,
        for TensorBoard, in tensorboard/.
        {samples > 0 &&
          ` All else on this page is of the ${plural(samples, 'rollout')} that were kept along the way.`}
      </p>
      {plots(first)}
      {others.length > 0 && (
        <details>
          <summary>{plural(others.length, 'more figure')}</summary>
          {plots(others)}
        </details>
      )}
    </section>
  )
}
