import { expect, test } from '@jest/globals'
import { defineTool } from './define-tool.js'

test('a tool is the object that was given, its arguments typed by its parameters', async () => {
  const given = {
    parameters: {
      word: 'string',
      times: { type: 'number', optional: true },
      how: { type: 'choice', choices: ['loud', 'low'] },
    },
    result: 'string',
  } as const
  const call = async (args: { word: string; times: number | undefined; how: 'loud' | 'low' }) =>
    (args.how === 'loud' ? args.word.toUpperCase() : args.word).repeat(args.times ?? 1)
  const tool = defineTool({ ...given, call })
  expect(tool).toEqual({ ...given, call })
  const { signal } = new AbortController()
  expect(await tool.call({ word: 'ha', times: 2, how: 'loud' }, { signal })).toBe('HAHA')
  // @ts-expect-error: an image is no string
  defineTool({ parameters: { word: 'image' }, result: 'string', call })
})
