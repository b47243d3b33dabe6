import { checkYaml, readYaml } from './read-yaml.js'
import { toolsSchema, type ToolSettings } from './tool-schema.js'

/**
 * Functions that code in the sandbox may call, from a YAML file that lists them as `sandbox.tools` of a configuration does:
 *
 *     - { name: ocr, kind: builtin, builtin: ocr }
 *
 * @throws UsageError naming file, line and key.
 */
export async function readTools(path: string): Promise<ToolSettings[]> {
  return checkYaml({ file: await readYaml(path), schema: toolsSchema })
}
