import type { HostTool, ToolData, ToolImage, ToolParameter } from './host-tool.js'

type Parameters = HostTool['parameters']
type TypeOf<Parameter> = Parameter extends { type: infer Type } ? Type : Parameter

interface Values {
  image: ToolImage
  string: string
  number: number
  boolean: boolean
  json: ToolData
}

type Value<Parameter> =
  TypeOf<Parameter> extends keyof Values
    ? Values[TypeOf<Parameter>]
    : Parameter extends { choices: readonly (infer Choice)[] }
      ? Choice
      : never

/** Arguments by the names of their parameters, each of its type; those that may be left out may be undefined. */
export type ToolArguments<Given extends Parameters> = {
  readonly [Name in keyof Given]: Given[Name] extends { optional: true }
    ? Value<Given[Name]> | undefined
    : Value<Given[Name]>
}

/** A tool whose `call` knows the types of its arguments from `parameters`; the same object otherwise. */
export function defineTool<
  const Given extends Readonly<Record<string, ToolParameter | Exclude<ToolParameter['type'], 'choice'>>>,
>(
  tool: Omit<HostTool, 'parameters' | 'call'> & {
    parameters: Given
    call(args: ToolArguments<Given>, context: { signal: AbortSignal }): Promise<unknown>
  },
): HostTool {
  // Whoever calls it has checked the arguments against `parameters`.
  return tool as unknown as HostTool
}
