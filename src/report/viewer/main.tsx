import { render } from 'preact'
import type { PageBoot } from '../report-data.js'
import { App } from './shell/app.js'
import './styles/base.css'
import './styles/overview.css'
import './styles/samples.css'
import './styles/sample.css'
import './styles/compare.css'

const boot = JSON.parse(document.querySelector('#boot')?.textContent ?? '{}') as PageBoot
const root = document.querySelector('#app')
if (root !== null) {
  root.replaceChildren()
  render(<App boot={boot} />, root)
}
