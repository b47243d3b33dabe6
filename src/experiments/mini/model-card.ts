import { inMillions } from '../../core/in-millions.js'
import { TRANSFORMS } from '../../core/transform.js'
import { percent } from '../percent.js'
import type { MiniStage } from './mini-stages.js'
import type { StageFigures } from './stage-figures.js'

const TITLES: Readonly<Record<MiniStage, string>> = { base: 'base', sft: 'SFT', rl: 'RL' }

const WHAT: Readonly<Record<MiniStage, string>> = {
  base: 'The model that the others begin with. It sees, names places and reads digits, and answers questions about upright pictures at once; it writes no code.',
  sft: 'The base model after supervised fine-tuning on whole trajectories: it turns and crops pictures by Python that it writes, looks at what comes back, and answers.',
  rl: 'The model after SFT, trained on by GRPO with rewards of its own rollouts in the sandbox.',
}

/**
 * The model card (README.md, Markdown) that lies beside a shipped checkpoint of the mini experiment; every figure of the evaluation in it is one of `figures`.
 * @param parameters.parameters how many the checkpoint has
 * @param parameters.figures of the stage, as `codevision experiment mini` measures them; null: not measured
 */
export function modelCard({
  stage,
  parameters,
  figures,
}: {
  stage: MiniStage
  parameters: number
  figures: StageFigures | null
}): string {
  const tools = stage === 'base' ? 'direct' : 'tools'
  return `---
license: apache-2.0
library_name: transformers
pipeline_tag: image-text-to-text
---

# CodeVision mini: ${TITLES[stage]}

${WHAT[stage]}

${inMillions(parameters)} parameters in the shape of Qwen3-VL (\`Qwen3VLForConditionalGeneration\`), weights in BF16. It answers one kind of question, *which number stands on the card of this colour*, about drawn boards of 512 × 512
pixels that it sees in 128 × 128: nothing else. What it was taught and how: \`docs/mini-experiment.md\` of the project.

## Figures

${figures === null ? 'Not measured.' : figuresTable(figures)}

## Use

    codevision experiment mini --stages ${stage} --checkpoints DIR     # DIR holds this folder under the name ${stage}
    codevision data boards --out boards
    codevision eval configs/mini/eval-${tools}.yaml --policy tfjs --model DIR/${stage} --data boards/rows.parquet

The prompts that it was trained with are those of \`configs/mini\`; with others it does not work.

## Origin and licence

Trained from nothing on pictures that the project draws itself; no weights and no data of others are in it. Apache-2.0, as the project. Digits and letters in the pictures were drawn with Roboto (OFL-1.1), which is
not part of the checkpoint.
`
}

function figuresTable(figures: StageFigures): string {
  const rows = TRANSFORMS.map((transform) => {
    const { n, accuracy, low, high, turns, toolErrors } = figures[transform]
    const cells = [transform, n, `${percent(accuracy)} %`, `${percent(low)} to ${percent(high)} %`]
    return `| ${[...cells, turns.toFixed(2), toolErrors].join(' | ')} |`
  })
  return [
    'Through `codevision experiment mini`: greedy, one answer a task, in the sandbox; interval of Wilson, 95 %; turns with the one of the answer; calls that failed, of all tasks together.',
    '',
    '| what was done to the picture | tasks | right | interval | turns | failed calls |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
