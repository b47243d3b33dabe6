import { expect, test } from '@jest/globals'
import { grpoLoss } from './grpo-loss.js'

/** Answers of autograd (torch 2.15, double precision) to inputs of our own, by what they try. */
const CASES: readonly (readonly [string, unknown, unknown])[] = [
  [
    'a dual clip under an importance weight',
    {
      kind: 'policy_loss',
      old_log_prob: [[-5.722321033477783, -4.226922988891602]],
      log_prob: [[0.41560104489326477, -0.04406675323843956]],
      advantages: [[0.8206313848495483, -1.8574804067611694]],
      response_mask: [[1, 1]],
      cliprange: null,
      cliprange_low: 0.1,
      cliprange_high: 0.28,
      clip_ratio_c: 1.5,
      loss_agg_mode: 'seq-mean-token-mean',
      rollout_log_probs: [[-4.295189380645752, 0.0]],
      tis_imp_ratio_cap: 2.0,
    },
    {
      pg_loss: -0.10571149071603417,
      pg_clipfrac: 0.5,
      ppo_kl: -5.160389157012105,
      pg_clipfrac_lower: 0.5,
      grad_log_prob: [[0.0, 0.0]],
    },
  ],
  [
    'a sequence without tokens under the mean of means',
    {
      kind: 'policy_loss',
      old_log_prob: [[0.1349194347858429], [-5.520307540893555]],
      log_prob: [[-2.862825393676758], [-20.0]],
      advantages: [[0.0], [0.0]],
      response_mask: [[1], [0]],
      cliprange: null,
      cliprange_low: 0.2,
      cliprange_high: 0.0,
      clip_ratio_c: 10.0,
      loss_agg_mode: 'seq-mean-token-mean',
    },
    {
      pg_loss: 'NaN',
      pg_clipfrac: 0.0,
      ppo_kl: 2.9977448284626007,
      pg_clipfrac_lower: 0.0,
      grad_log_prob: [[0.0], ['NaN']],
    },
  ],
  [
    'clipped tokens under the norm by width',
    {
      kind: 'policy_loss',
      old_log_prob: [[-5.004103183746338], [-3.720736026763916]],
      log_prob: [[-0.9119274616241455], [-0.4861316382884979]],
      advantages: [[0.7010762691497803], [0.0]],
      response_mask: [[1], [1]],
      cliprange: null,
      cliprange_low: 0.1,
      cliprange_high: 0.5,
      clip_ratio_c: 3.0,
      loss_agg_mode: 'seq-mean-token-sum-norm',
    },
    {
      pg_loss: -1.0516144037246704,
      pg_clipfrac: 0.5,
      ppo_kl: -3.6633900552988052,
      pg_clipfrac_lower: 0.0,
      grad_log_prob: [[0.0], [0.0]],
    },
  ],
  [
    'a distance that is no number',
    {
      kind: 'kl_penalty',
      logprob: [
        ['NaN', -4.1710429191589355, 0.1851801574230194, 0.33691567182540894],
        [-0.5621172189712524, -0.39405709505081177, -1.5203505754470825, -0.6360905766487122],
      ],
      ref_logprob: [
        [0.4364301264286041, -4.531933307647705, -3.18163800239563, -5.345895290374756],
        [0.28052422404289246, -1.8824089765548706, -3.9588749408721924, -0.11945774406194687],
      ],
      kl_penalty: 'abs',
    },
    {
      kl: [
        ['NaN', 0.36089038848876953, 3.3668181598186493, 5.682810962200165],
        [0.8426414430141449, 1.4883518815040588, 2.43852436542511, 0.5166328325867653],
      ],
      grad_logprob_of_sum: [
        [0.0, 1.0, 1.0, 1.0],
        [-1.0, 1.0, 1.0, -1.0],
      ],
    },
  ],
  [
    'the low-variance estimator',
    {
      kind: 'kl_penalty',
      logprob: [[-3.104828357696533, -1.4069679975509644]],
      ref_logprob: [[0.0371704027056694, -0.4070932865142822]],
      kl_penalty: 'k3',
    },
    { kl: [[10.0, 0.7180665680440543]], grad_logprob_of_sum: [[-0.0, -1.7179412790807365]] },
  ],
  [
    'weights that are no mask',
    {
      kind: 'agg_loss',
      loss_mat: [[0.4149780571460724]],
      loss_mask: [[2]],
      loss_agg_mode: 'seq-mean-token-sum',
    },
    { loss: 0.8299561142921448 },
  ],
]

test.each(CASES)('%s is answered as autograd answers it', async (name, input, float64) => {
  const expected = { float32: null, float64 }
  const cases = [{ id: `grpo_loss-pg-kink-${name}`, input, expected, source: '' }]
  const results = []
  for await (const result of grpoLoss.run(cases, { directory: '.' })) results.push(result.pass)
  expect(results).toEqual([true])
})

test('an answer that is off by a millionth does not pass', async () => {
  const input = { kind: 'agg_loss', loss_mat: [[1, 2]], loss_mask: [[1, 1]], loss_agg_mode: 'token-mean' }
  const passes = async (loss: number) => {
    const cases = [{ id: 'one', input, expected: { float32: { loss }, float64: { loss } }, source: '' }]
    for await (const { pass } of grpoLoss.run(cases, { directory: '.' })) return pass
    return null
  }
  expect([await passes(1.5), await passes(1.500001)]).toEqual([true, false])
})
