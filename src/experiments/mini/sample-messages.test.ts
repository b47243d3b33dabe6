import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { textOf } from '../../core/message.js'
import { parseMiniConfig } from './mini-config.js'
import { sampleMessages } from './sample-messages.js'
import { openSampleStream } from './sample-stream.js'

test('a sample as a conversation has the same texts, and files with the pixels of its views', async () => {
  const value = { phases: [{ mixture: { trajectory: 1 } }], steps: 1, batch: 3 }
  const stream = await openSampleStream(parseMiniConfig({ value, where: 'test' }))
  for (const sample of await stream.batch(0)) {
    const messages = await sampleMessages(sample)
    expect(messages.map(textOf)).toEqual(sample.messages.map(textOf))
    for (const [at, { content }] of messages.entries())
      for (const [place, part] of content.entries()) {
        const own = sample.messages[at]?.content[place]
        expect(part.type).toBe(own?.type)
        if (part.type !== 'image' || own?.type !== 'image') continue
        expect(part.index).toBe(own.index)
        const pixels = await sharp(await part.image.read())
          .raw()
          .toBuffer()
        expect(pixels.equals(own.image.data)).toBe(true)
      }
  }
})
