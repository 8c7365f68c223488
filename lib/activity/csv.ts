import type { ActivityLine } from './line.ts'

const headings = ['Time (UTC)', 'Who', 'What', 'Why', 'Changes', 'Appointment'] as const

export const csvHeader = () => line([...headings])

export const csvRow = ({ at, who, did, why, changes, appointmentId }: ActivityLine) =>
  line([at, who, did, why, changes.map(changeInWords).join('; '), appointmentId ?? ''])

const changeInWords = ({ label, before, after }: ActivityLine['changes'][number]) =>
  `${label}: ${before || '(nothing)'} → ${after || '(nothing)'}`

const line = (cells: string[]) => `${cells.map(cell).join(',')}\r\n`

/** Includes full-width signs and leading spaces, which some spreadsheets ignore. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

/** Quoted as in RFC 4180; text that a spreadsheet would run as a formula is escaped. */
const cell = (text: string) => `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
