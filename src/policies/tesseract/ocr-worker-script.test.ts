import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import { expect, test } from '@jest/globals'
import { HARMLESS_LINE, ocrWorkerScript } from './ocr-worker-script.js'

test.each([
  'Error in pixScanForForeground: invalid box',
  'Error in boxClipToRectangle: box outside rectangle',
  'Warning in pixReduceRankBinary2: hs must be at least 2',
])('a region with nothing in it is no news: %s', (line) => {
  expect(line).toMatch(HARMLESS_LINE)
})

test.each([
  'Error in pixReadStreamPng: internal png error',
  'Error in findFileFormatStream: truncated file',
  'Error opening data file eng.traineddata',
  'abort: out of memory',
])('what tells why a reading fails stays: %s', (line) => {
  expect(line).not.toMatch(HARMLESS_LINE)
})

test('the script is the library’s own worker, which answers, without those lines on stderr', async () => {
  // A prefix that speaks before the library does, as the engine would.
  const script = decodeURIComponent(ocrWorkerScript().href)
  const speaking = `${script}\nconsole.error('Error in pixScanForForeground: invalid box')\nconsole.error('Error in pixReadMem: bad')`
  const worker = new Worker(
    new URL(`data:text/javascript,${encodeURIComponent(speaking.slice('data:text/javascript,'.length))}`),
    {
      stderr: true,
    },
  )
  const said = text(worker.stderr)
  worker.postMessage({
    workerId: 'w',
    jobId: 'k',
    action: 'load',
    payload: { options: { lstmOnly: true, logging: false } },
  })
  const answers: unknown[] = []
  while (!answers.some((answer) => JSON.stringify(answer).includes('"status":"resolve"')))
    answers.push((await once(worker, 'message'))[0])
  await worker.terminate()
  expect((await said).trim()).toBe('Error in pixReadMem: bad')
})
