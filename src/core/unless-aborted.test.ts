import { expect, test } from '@jest/globals'
import { Deferred } from './deferred.js'
import { unlessAborted } from './unless-aborted.js'

test('what a promise comes to is handed on, with a signal and without one', async () => {
  await expect(unlessAborted(Promise.resolve(1), undefined)).resolves.toBe(1)
  await expect(unlessAborted(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1)
  const { signal } = new AbortController()
  await expect(unlessAborted(Promise.reject(new Error('lost')), signal)).rejects.toThrow('lost')
})

test('a signal that fires ends the waiting with its reason, and the promise may fail unheard afterwards', async () => {
  const controller = new AbortController()
  const never = new Deferred<number>()
  const waiting = unlessAborted(never.promise, controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  never.reject(new Error('late'))
})

test('a signal that has fired is told at once, also beside what is there already', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(unlessAborted(Promise.resolve(1), signal)).rejects.toThrow('enough')
  await expect(unlessAborted(new Promise(() => undefined), signal)).rejects.toThrow('enough')
})

test('what is thrown can be made of the signal', async () => {
  const signal = AbortSignal.abort('why')
  const errorOf = ({ reason }: AbortSignal): Error => new Error(`because of ${String(reason)}`)
  await expect(unlessAborted(Promise.resolve(1), signal, errorOf)).rejects.toThrow('because of why')
})
