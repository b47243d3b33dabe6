import type { ToolDescription } from '../core/policy.js'
import type { ShellSettings, ShellValue } from './shell-settings.js'

/** Something that was looked for in a checkout. */
export type Part<Value> =
  | { readonly isFound: true; readonly place: string; readonly value: Value }
  /** `why`: one sentence for a reader. */
  | { readonly isFound: false; readonly place: string; readonly why: string }

/** What a checkout of the official recipe says. */
export interface Recipe {
  /** Absolute. */
  readonly folder: string
  readonly systemPrompt: Part<string>
  readonly tool: Part<ToolDescription>
  /** Jinja, as the rollouts' tokenizer is given it. */
  readonly chatTemplate: Part<string>
  /** How the chat template tells of the tool, behind the system prompt. */
  readonly toolSection: Part<string>
  /** Of the scripts that train and evaluate. */
  readonly training: Part<ShellSettings>
  readonly evaluation: Part<ShellSettings>
  /** Model that the judge's server is started with. */
  readonly judge: Part<string>
  /** Configurations of SFT by the model's family. */
  readonly sft: ReadonlyMap<string, Part<Readonly<Record<string, ShellValue | null>>>>
}
