import { expect, test } from '@jest/globals'
import { tinyConfig } from '../testing/tiny-config.js'
import { parameterShapes } from '../weights/parameter-shapes.js'
import { modelPart } from './model-part.js'

test.each(['qwen2_5_vl', 'qwen3_vl'] as const)(
  'each parameter of %s belongs to the part that it is in',
  (family) => {
    const names = [...parameterShapes(tinyConfig(family)).keys()]
    const of = (part: string): string[] => names.filter((name) => modelPart(name) === part)
    expect(of('embeddings')).toEqual([
      'model.language_model.embed_tokens.weight',
      ...(family === 'qwen2_5_vl' ? ['lm_head.weight'] : []),
    ])
    expect(of('projector').every((name) => name.includes('merger'))).toBe(true)
    expect(of('vision').every((name) => /patch_embed|pos_embed|blocks\.\d/.test(name))).toBe(true)
    expect(of('language').every((name) => /language_model\.(?:layers\.|norm\.)/.test(name))).toBe(true)
    for (const part of ['projector', 'vision', 'language']) expect(of(part).length).toBeGreaterThan(2)
  },
)
