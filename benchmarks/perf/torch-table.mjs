/** What a measurement of the torch engine says, as rates and shares; null where the device has no data sheet here, or nothing was trained. */
export function torchFigures({ sampled, scored, sequences, step, steps, peakFlops, weightBytes }) {
  const tokens = sequences.reduce((sum, { length }) => sum + length, 0)
  const best = steps.length === 0 ? null : steps.reduce((a, b) => (b.seconds < a.seconds ? b : a))
  const share = (flops, seconds) => (peakFlops === null ? null : flops / seconds / peakFlops)
  return {
    sampled: sampled.map((one) => ({
      together: one.together,
      perSecond: one.written / one.seconds,
      // Those of prompts are drawn with the prompts.
      stepMilliseconds: (one.stepSeconds / one.steps) * 1000,
      // Of the first that so many conversations took; measurements of before have none.
      firstMilliseconds: one.first === undefined ? null : (one.first.stepSeconds / one.first.steps) * 1000,
      writtenPerSecond: (one.written - one.together) / one.stepSeconds,
      readPerSecond: one.prefilled / one.promptSeconds,
      passes: one.passes,
      // Equal prompts are read once.
      readShare: one.prefilled / (one.prefilled + one.repeated),
      waited: one.waitedSeconds / one.seconds,
      gigabytesPerSecond: (weightBytes * one.steps) / one.stepSeconds / 1e9,
    })),
    scoredPerSecond: tokens / scored.seconds,
    scoredUtilisation: share(scored.flops, scored.seconds),
    trainedPerSecond: best === null ? null : tokens / best.seconds,
    stepSeconds: best?.seconds ?? null,
    stepFlopsPerSecond: best === null ? null : step.total / best.seconds,
    mfu: best === null ? null : share(step.total, best.seconds),
    controller: best === null ? null : best.waitedSeconds / best.seconds,
  }
}

export function tellTorch(result) {
  const { facts, train, shape, drawnSeconds, openSeconds, settings, peakBytes, sequences } = result
  const figures = torchFigures(result)
  const percent = (value) => (value === null ? 'unknown' : `${(100 * value).toFixed(1)} %`)
  const rows = [
    ['device', `${facts.deviceName}, ${facts.dtype}, torch ${facts.torch}`],
    [
      'parameters',
      `${millions(facts.parameters)} million, ${millions(facts.trained)} trained (${train}); drawn in ${drawnSeconds.toFixed(1)} s, opened in ${openSeconds.toFixed(1)} s`,
    ],
    ...figures.sampled.map((one) => [
      `${one.together} together`,
      `${one.perSecond.toFixed(0)} tokens written a second, all told; ${one.writtenPerSecond.toFixed(0)} a second without prompts, ${one.stepMilliseconds.toFixed(1)} ms a step${one.firstMilliseconds === null ? '' : ` (the first: ${one.firstMilliseconds.toFixed(1)})`}; prompts read at ${one.readPerSecond.toFixed(0)} a second, ${percent(one.readShare)} of them in ${one.passes} ${one.passes === 1 ? 'pass' : 'passes'}; ${percent(one.waited)} waited`,
    ]),
    [
      'scoring',
      `${figures.scoredPerSecond.toFixed(0)} tokens a second, MFU ${percent(figures.scoredUtilisation)}`,
    ],
    ...(figures.mfu === null && figures.trainedPerSecond === null
      ? []
      : [
          [
            `steps over ${sequences.length} rollouts, parts of ${settings['batch-tokens']}`,
            `${result.steps.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s; ${figures.trainedPerSecond.toFixed(0)} tokens a second, MFU ${percent(figures.mfu)}, controller ${percent(figures.controller)}`,
          ],
        ]),
    ['peak of GPU memory', peakBytes ? `${(peakBytes / 2 ** 30).toFixed(1)} GiB` : 'none'],
  ]
  console.log(`| ${shape} | |\n| --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`)
}

function millions(count) {
  return (count / 1e6).toFixed(1)
}
