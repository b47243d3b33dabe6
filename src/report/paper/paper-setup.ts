import { z } from 'zod'
import type { SummaryHead } from '../../evaluation/summary/summary.js'
import type { Manifest } from '../../store/manifest.js'
import type { PaperFigures } from './paper-row.js'

/** Whether a run was made as the paper's row was; `unknown`: the paper does not say, or it cannot be told from the run. */
export interface SetupLine {
  what: 'tools' | 'prompt' | 'resolution' | 'limits' | 'sampling' | 'scoring'
  status: 'same' | 'differs' | 'unknown'
  note: string
}

/** Of the released recipe, which the paper's numbers were made with as far as is known (docs/statistics.md). */
const RELEASE = { minPixels: 28 * 28, maxPixels: 8192 * 28 * 28, turns: 12, tokens: 2 * 16_384 }

const agentSchema = z.object({
  prompt: z.string(),
  tools: z.array(z.string()),
  view: z.object({ minPixels: z.number(), maxPixels: z.number() }),
  limits: z.object({ turns: z.number(), totalTokens: z.number().optional() }).loose(),
})
const configSchema = z.object({ agent: z.object({ systemPrompt: z.string().optional() }).optional() })
const settingsSchema = z.object({ policy: z.object({ temperature: z.number().optional() }).loose() })

/** Hold what a run was made with against what is known of the paper's rows. */
export function paperSetup({
  manifest: { identity, config },
  head: { scoring, judge },
  figures,
}: {
  manifest: Pick<Manifest, 'identity' | 'config'>
  head: Pick<SummaryHead, 'scoring' | 'judge'>
  figures: PaperFigures
}): SetupLine[] {
  const agent = agentSchema.safeParse(identity.agent)
  const scored = scoringLine({ scoring, judge })
  if (!agent.success)
    return [
      ...(['tools', 'prompt', 'resolution', 'limits'] as const).map((what): SetupLine => ({
        what,
        status: 'unknown',
        note: 'the run does not say',
      })),
      scored,
    ]
  const { tools, view, limits } = agent.data
  const hasTools = tools.length > 0
  const prompt = configSchema.safeParse(config).data?.agent?.systemPrompt
  const temperature = settingsSchema.safeParse(identity.settings).data?.policy.temperature
  return [
    {
      what: 'tools',
      status: hasTools === figures.tools ? 'same' : 'differs',
      note: `${hasTools ? 'with' : 'without'} here, ${figures.tools ? 'with' : 'without'} there`,
    },
    promptLine({ prompt, hasTools }),
    {
      what: 'resolution',
      status:
        view.minPixels === RELEASE.minPixels && view.maxPixels === RELEASE.maxPixels ? 'same' : 'differs',
      note: `${view.minPixels} to ${view.maxPixels} pixels here, ${RELEASE.minPixels} to ${RELEASE.maxPixels} in the release`,
    },
    limitsLine({ limits, hasTools }),
    {
      what: 'sampling',
      status: 'unknown',
      note: `temperature ${temperature ?? "of the server's own"} here; the paper's is not known`,
    },
    scored,
  ]
}

function limitsLine({
  limits: { turns, totalTokens },
  hasTools,
}: {
  limits: z.output<typeof agentSchema>['limits']
  hasTools: boolean
}): SetupLine {
  const tokens = `${totalTokens ?? 'any number of'} tokens`
  if (!hasTools)
    return {
      what: 'limits',
      status: 'unknown',
      note: `${tokens} here; those of the paper's base rows are not known`,
    }
  return {
    what: 'limits',
    status: turns === RELEASE.turns && totalTokens === RELEASE.tokens ? 'same' : 'differs',
    note: `${turns} turns and ${tokens} here, ${RELEASE.turns} and ${RELEASE.tokens} in the release`,
  }
}

function promptLine({ prompt, hasTools }: { prompt: string | undefined; hasTools: boolean }): SetupLine {
  if (prompt !== undefined)
    return { what: 'prompt', status: 'unknown', note: `from ${prompt}; not held against the release's` }
  return hasTools
    ? { what: 'prompt', status: 'differs', note: "this project's own wording, not the release's" }
    : { what: 'prompt', status: 'unknown', note: "that of the paper's base rows is not known" }
}

function scoringLine({ scoring, judge }: Pick<SummaryHead, 'scoring' | 'judge'>): SetupLine {
  const note = `${scoring}, judge ${judge}`
  if (scoring === 'official' || scoring === 'vlmevalkit' || scoring === 'lmms_eval')
    return {
      what: 'scoring',
      status: 'unknown',
      note: `${note}; by which rules the paper scores this benchmark is not known`,
    }
  if (scoring !== 'codevision')
    return { what: 'scoring', status: 'differs', note: `${note}; the release: codevision and a judge` }
  return judge === 'none'
    ? { what: 'scoring', status: 'differs', note: `${note}; undecided answers count as wrong here` }
    : { what: 'scoring', status: 'same', note: `${note}; the paper's judge may be another model` }
}
