import { expect, test } from '@jest/globals'
import type { HostTool } from '../core/host-tool.js'
import { describeTools } from './describe-tools.js'

const call: HostTool['call'] = async () => null

test('a model is told of each function with its form, what it gives and what it is for', () => {
  const told = describeTools({
    ocr: {
      description: 'Reads text.',
      parameters: {
        image: 'image',
        layout: {
          type: 'choice',
          choices: ['sparse', 'block'],
          optional: true,
          description: 'how text lies',
        },
      },
      result: 'boxes',
      call,
    },
    add: { parameters: { a: 'number', b: { type: 'number' } }, result: 'number', call },
  })
  expect(told.split('\n')).toEqual([
    '',
    '',
    expect.stringContaining('ToolError'),
    '- tools.ocr(image: image, layout: "sparse" | "block" = None) gives a list of dicts, each with box [left, top, right, bottom] in pixels. Reads text. layout: how text lies',
    '- tools.add(a: number, b: number) gives a number.',
  ])
})

test('without functions nothing is told', () => {
  expect(describeTools({})).toBe('')
})
