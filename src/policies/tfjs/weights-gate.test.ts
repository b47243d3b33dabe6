import { expect, test } from '@jest/globals'
import { createWeightsGate } from './weights-gate.js'

test('what is run goes one after the other, in the order of the calls, and a failure keeps nobody out', async () => {
  const gate = createWeightsGate()
  const told: string[] = []
  const work = (name: string) => async (): Promise<string> => {
    told.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    told.push(`${name} ends`)
    return name
  }
  const failing = gate.alone(() => Promise.reject(new Error('failed')))
  const both = [gate.alone(work('step')), gate.alone(work('token'))]
  await expect(failing).rejects.toThrow('failed')
  expect(await Promise.all(both)).toEqual(['step', 'token'])
  expect(told).toEqual(['step begins', 'step ends', 'token begins', 'token ends'])
})

test('each change of the weights is another revision', () => {
  const gate = createWeightsGate()
  expect(gate.revision).toBe(0)
  gate.changed()
  expect(gate.revision).toBe(1)
})
