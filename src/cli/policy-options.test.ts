import { expect, test } from '@jest/globals'
import yargs from 'yargs'
import { policyOverrides, withPolicyOptions } from './policy-options.js'

const overridesOf = async (words: string) =>
  policyOverrides(await withPolicyOptions(yargs(words === '' ? [] : words.split(' '))).parseAsync())

test('a turn’s tokens and the time of a request can be said', async () => {
  expect(await overridesOf('--model m --max-tokens 4096 --request-timeout 1200')).toEqual({
    policy: { kind: 'openai', model: 'm', timeoutSeconds: 1200 },
    agent: { tokensPerTurn: 4096 },
  })
})

test('what is not given is left to the configuration, so that an earlier run can be resumed', async () => {
  expect(await overridesOf('')).toBeUndefined()
})

test('--tools and --no-tools win over the configuration', async () => {
  expect(await overridesOf('--tools')).toEqual({ agent: { tools: true } })
  expect(await overridesOf('--no-tools')).toEqual({ agent: { tools: false } })
})
