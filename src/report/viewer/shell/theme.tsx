import { useEffect, useState } from 'preact/hooks'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

const STORED = 'codevision-theme'
const SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', light: '○', dark: '●' }

/** A switch between the colours of the system, light, and dark; remembered where the browser lets a page remember. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(() => THEMES.find((known) => known === recall()) ?? 'auto')
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    remember(theme)
  }, [theme])
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => setTheme(next)}
      title={`Colours: ${theme}. Press for ${next}.`}
      aria-label={`Colours: ${theme}. Switch to ${next}.`}
    >
      <span aria-hidden="true">{SIGNS[theme]}</span>
    </button>
  )
}

function recall(): string | null {
  try {
    return localStorage.getItem(STORED)
  } catch {
    return null // storage is forbidden for this page
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme)
  } catch {
    return // storage is forbidden for this page
  }
}
