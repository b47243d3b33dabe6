import { basename, dirname, extname, resolve } from 'node:path'
import { UsageError } from '../core/errors.js'
import { readExtendedYaml } from './read-extended-yaml.js'
import { checkYaml, type YamlFile } from './read-yaml.js'
import { sandboxBeside } from './sandbox-beside.js'
import {
  grpoSchema,
  sftSchema,
  type GrpoConfig,
  type SftConfig,
  type TrainingModel,
} from './training-schema.js'

/** What the command line says; it wins over the file. Paths are relative to the working directory. */
export interface TrainingOverrides {
  model?: string | undefined
  data?: string | undefined
  name?: string | undefined
  output?: string | undefined
  seed?: number | undefined
}

/**
 * Configuration of a supervised fine-tuning: defaults < YAML file < command line. Paths in a file are relative to that file, also to one that is extended.
 * @throws UsageError naming file, line and key, what was expected and what came.
 */
export async function loadSftConfig({
  path,
  overrides = {},
}: {
  path: string
  overrides?: TrainingOverrides
}): Promise<SftConfig> {
  const given = asSettings(overrides)
  const file = withSettings({ file: await readExtendedYaml(path), given })
  const { data, ...config } = checkYaml({ file, schema: sftSchema, overrides: given })
  const beside = pathsBeside(file)
  const { heldOut, toolDescription } = config
  const files = typeof data === 'string' ? [data] : data
  return {
    ...config,
    name: config.name ?? nameOf(path),
    model: modelBeside({ model: config.model, given: overrides.model, beside }),
    data: overrides.data === undefined ? files.map((name) => beside(name, 'data')) : files,
    ...(toolDescription !== undefined && { toolDescription: beside(toolDescription, 'toolDescription') }),
    ...(heldOut && {
      heldOut: {
        ...heldOut,
        ...(heldOut.data !== undefined && { data: beside(heldOut.data, 'heldOut', 'data') }),
      },
    }),
  }
}

/**
 * Configuration of a training by GRPO, read as {@link loadSftConfig} reads one.
 * @throws UsageError likewise, and where neither `data` nor `suite` says what to learn from.
 */
export async function loadGrpoConfig({
  path,
  overrides = {},
}: {
  path: string
  overrides?: TrainingOverrides
}): Promise<GrpoConfig> {
  const config = await loadGrpoSettings({ path, overrides })
  if (config.data === undefined && config.suite === undefined)
    throw new UsageError(
      `${path}: expected rows to learn from: \`data\` (a file, or --data) or \`suite\`, got neither`,
    )
  return config
}

/** The same for a configuration that may leave open what is learned from. */
export async function loadGrpoSettings({
  path,
  overrides = {},
}: {
  path: string
  overrides?: TrainingOverrides
}): Promise<GrpoConfig> {
  const given = asSettings(overrides)
  const file = withSettings({ file: await readExtendedYaml(path), given })
  const config = checkYaml({ file, schema: grpoSchema, overrides: given })
  const beside = pathsBeside(file)
  const { data, suite, agent, evaluation, sandbox } = config
  return {
    ...config,
    name: config.name ?? nameOf(path),
    model: modelBeside({ model: config.model, given: overrides.model, beside }),
    ...(data !== undefined && { data: overrides.data ?? beside(data, 'data') }),
    ...(suite !== undefined && /\.ya?ml$/.test(suite) && { suite: beside(suite, 'suite') }),
    ...(evaluation && { evaluation: { ...evaluation, data: beside(evaluation.data, 'evaluation', 'data') } }),
    agent: {
      ...agent,
      feedback: agent.feedback ?? sandbox.profile,
      ...(agent.systemPrompt !== undefined && {
        systemPrompt: beside(agent.systemPrompt, 'agent', 'systemPrompt'),
      }),
      ...(agent.toolDescription !== undefined && {
        toolDescription: beside(agent.toolDescription, 'agent', 'toolDescription'),
      }),
    },
    sandbox: sandboxBeside({ sandbox, beside: (path) => beside(path, 'sandbox', 'runtime', 'socket') }),
  }
}

/** What the command line says, under the keys of a file; what it does not say is absent. */
function asSettings({ model, ...plain }: TrainingOverrides): Record<string, unknown> {
  const given = Object.entries(plain).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), ...(model !== undefined && { model: { path: model } }) }
}

function withSettings({
  file,
  given: { model, ...plain },
}: {
  file: YamlFile
  given: Readonly<Record<string, unknown>>
}): YamlFile {
  if (typeof file.value !== 'object' || file.value === null || Array.isArray(file.value)) return file
  const own = 'model' in file.value && typeof file.value.model === 'object' ? file.value.model : {}
  return {
    ...file,
    value: { ...file.value, ...plain, ...(model !== undefined && { model: { ...own, ...model } }) },
  }
}

type Beside = (name: string, ...key: string[]) => string

function modelBeside({
  model,
  given,
  beside,
}: {
  model: TrainingModel
  /** Path of the command line. */
  given: string | undefined
  beside: Beside
}): TrainingModel {
  const path = given ?? beside(model.path, 'model', 'path')
  if (model.kind !== 'torch' || model.vllm?.folder === undefined) return { ...model, path }
  return {
    ...model,
    path,
    vllm: { ...model.vllm, folder: beside(model.vllm.folder, 'model', 'vllm', 'folder') },
  }
}

/** A path as the file has it that says the key. */
function pathsBeside(file: YamlFile): Beside {
  return (name, ...key) => resolve(dirname(file.sourceOf(key)), name)
}

function nameOf(path: string): string {
  return basename(path, extname(path))
}
