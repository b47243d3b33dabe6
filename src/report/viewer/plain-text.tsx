import { visibleText } from '../../core/visible-text.js'

/** A short text that somebody else wrote, as text and in its own direction of writing. */
export function PlainText({ text, most = 160 }: { text: string; most?: number }) {
  return <bdi>{visibleText(text.length > most ? `${text.slice(0, most)}…` : text)}</bdi>
}
