import { z } from 'zod'
import { priceSchema, type Price } from './price-schema.js'
import { checkYaml, readYaml } from './read-yaml.js'

const prices = z.record(z.string(), priceSchema)

/**
 * Prices by the models' names, from a YAML file:
 *
 *     Qwen/Qwen2.5-VL-7B-Instruct: { input: 0.2, output: 0.2 }
 *     gpt-4o: { input: 2.5, output: 10, currency: USD }
 *
 * @throws UsageError naming file, line and key.
 */
export async function readPrices(path: string): Promise<ReadonlyMap<string, Price>> {
  return new Map(Object.entries(checkYaml({ file: await readYaml(path), schema: prices })))
}
