import type { ActivityLine } from './line.ts'

const columns = ['Time (UTC)', 'Who', 'What', 'Why', 'Changes', 'Appointment'] as const

export const csvHeader = () => line([...columns])

export const csvRow = ({ at, who, did, why, changes, appointmentId }: ActivityLine) =>
  line([at, who, did, why, changes.map(changeInWords).join('; '), appointmentId ?? ''])

const changeInWords = ({ label, before, after }: ActivityLine['changes'][number]) =>
  `${label}: ${before || '(nothing)'} → ${after || '(nothing)'}`

const line = (cells: string[]) => `${cells.map(cell).join(',')}\r\n`

/** Wide signs count as well, and so do spaces before them: some spreadsheets overlook them. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

/** Quoted as RFC 4180 has it; what a spreadsheet would run as a formula is kept as text. */
const cell = (text: string) => `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
