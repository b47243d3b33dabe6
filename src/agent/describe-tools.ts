import type { HostTool, HostTools, ToolResult } from '../core/host-tool.js'

const GIVES: Readonly<Record<ToolResult, string>> = {
  string: 'a string',
  number: 'a number',
  json: 'numbers, strings, lists and dicts',
  image: 'a PIL image',
  boxes: 'a list of dicts, each with box [left, top, right, bottom] in pixels',
}

/** What the model is told of the functions that its code can call, as the end of a system prompt; empty where there are none. */
export function describeTools(tools: HostTools): string {
  const lines = Object.entries(tools).map(([name, tool]) => `- ${describe(name, tool)}`)
  if (lines.length === 0) return ''
  return `

Functions that your code can call besides (the object tools is there already; one that cannot do its work raises ToolError):
${lines.join('\n')}`
}

function describe(name: string, { description, parameters, result }: HostTool): string {
  const signature = Object.entries(parameters).map(([parameter, given]) => {
    if (typeof given === 'string') return `${parameter}: ${given}`
    const type =
      given.type === 'choice' ? given.choices.map((choice) => `"${choice}"`).join(' | ') : given.type
    return `${parameter}: ${type}${given.optional === true ? ' = None' : ''}`
  })
  const notes = Object.entries(parameters).flatMap(([parameter, given]) =>
    typeof given === 'string' || given.description === undefined
      ? []
      : [`${parameter}: ${given.description}`],
  )
  const told = [description, ...notes].filter((text) => text !== undefined && text !== '').join(' ')
  return `tools.${name}(${signature.join(', ')}) gives ${GIVES[result]}.${told === '' ? '' : ` ${told}`}`
}
