import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import opentype from 'opentype.js'
import { pathData } from './path-data.js'

export type TypefaceName = 'roboto' | 'roboto-bold' | 'dejavu' | 'dejavu-bold' | 'caveat' | 'patrick-hand'

const FILES: Readonly<Record<TypefaceName, string>> = {
  roboto: '@fontsource/roboto/files/roboto-latin-400-normal.woff',
  'roboto-bold': '@fontsource/roboto/files/roboto-latin-700-normal.woff',
  dejavu: '@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff',
  'dejavu-bold': '@fontsource/dejavu-sans/files/dejavu-sans-latin-700-normal.woff',
  caveat: '@fontsource/caveat/files/caveat-latin-600-normal.woff',
  'patrick-hand': '@fontsource/patrick-hand/files/patrick-hand-latin-400-normal.woff',
}

/** A font as outlines: what is drawn does not depend on the fonts of the machine. */
export interface Typeface {
  /** SVG path data of a text whose baseline starts at (x, y); `size` in pixels per em. */
  outline(text: string, place: { x: number; y: number; size: number }): string
  /** Height of a capital H in ems. */
  readonly capHeight: number
  /** Advance width in pixels. */
  width(text: string, size: number): number
}

const loaded = new Map<TypefaceName, Typeface>()

/** A typeface of the installed @fontsource packages; parsed once. */
export function loadTypeface(name: TypefaceName): Typeface {
  const known = loaded.get(name)
  if (known) return known
  const file = readFileSync(createRequire(import.meta.url).resolve(FILES[name]))
  const font = opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength))
  // Glyph by glyph, without ligatures and kerning: the library's text shaping refuses some substitution tables of these fonts.
  const advance = (character: string, size: number): number =>
    ((font.charToGlyph(character).advanceWidth ?? 0) / font.unitsPerEm) * size
  const typeface: Typeface = {
    capHeight: font.charToGlyph('H').getBoundingBox().y2 / font.unitsPerEm,
    outline: (text, { x, y, size }) => {
      let pen = x
      return [...text]
        .map((character) => {
          const path = pathData(font.charToGlyph(character).getPath(pen, y, size).commands)
          pen += advance(character, size)
          return path
        })
        .join('')
    },
    width: (text, size) => [...text].reduce((total, character) => total + advance(character, size), 0),
  }
  loaded.set(name, typeface)
  return typeface
}
