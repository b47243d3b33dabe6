import { PAGE_STYLE } from '../../../report/page/page-style.js'
import { ARM_STYLE } from './arm-colours.js'

/** The look of the other pages, and what a study's has besides. */
export const STUDY_STYLE = `${PAGE_STYLE}
${ARM_STYLE}
.panel p + p, .panel p + .scroll { margin-top: 8px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 14px; margin-top: 24px; }
.verdict { font-weight: 650; font-size: 16px; }
.findings { margin-top: 10px; padding-left: 0; list-style: none; }
.findings li + li { margin-top: 8px; }
.mark { display: inline-block; font-size: 12px; font-weight: 600; padding: 0 8px; margin-right: 6px; border-radius: 99px; color: var(--soft); border: 1px solid var(--line); }
.mark-kept { color: var(--kept); border-color: currentColor; } .mark-dropped { color: var(--dropped); border-color: currentColor; } .mark-corrected { color: var(--corrected); border-color: currentColor; }
.figure { display: block; width: 100%; max-width: 560px; height: auto; border-radius: 6px; background: #fff; }
.note { font-size: 12px; margin-top: 6px; }
.arms { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 14px; font-size: 13px; }
i.arm { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
td small { display: block; color: var(--soft); font-size: 11px; }
td { vertical-align: top; }
.pair th { white-space: normal; vertical-align: bottom; }
.pair + section.panel { margin-top: 14px; }
table.heat td { text-align: center; } table.heat th { text-align: center; }
table.words td { white-space: normal; text-align: left; } table.words th { text-align: left; }
code { font: 12px/1.4 var(--mono); }
h3 { margin: 18px 0 8px; } .panel h3 { margin-top: 0; }
section.panel + section.panel { margin-top: 14px; } .panels section.panel + section.panel { margin-top: 0; } .pair section.panel + section.panel { margin-top: 0; }
`
