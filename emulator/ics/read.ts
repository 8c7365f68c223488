import ICAL from 'ical.js'

export type Skipped = (reason: string, example: string) => void

type JCal = [name: string, properties: unknown[], components: JCal[]]

/**
 * Reads an .ics file line by line, so that a broken line does not lose the file: lines that ical.js
 * cannot read are reported and skipped, and open components are closed at the end of their parent.
 */
export function readComponents(text: string, skipped: Skipped): ICAL.Component[] {
  const root: JCal = ['root', [], []]
  const open: JCal[] = [root]
  for (const line of unfold(text)) {
    const [, keyword, name] = /^(BEGIN|END):\s*([\w-]+)\s*$/i.exec(line) ?? []
    if (keyword?.toUpperCase() === 'BEGIN') begin(open, String(name).toLowerCase())
    else if (keyword) end(open, String(name).toLowerCase(), () => skipped('END without BEGIN', line))
    else if (line.trim()) addLine(open.at(-1) ?? root, line, skipped)
  }
  if (open.length > 1) skipped('file ends inside a component', `BEGIN:${open.at(-1)?.[0].toUpperCase()}`)
  return root[2].map((component) => new ICAL.Component(component))
}

function unfold(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n')
}

function begin(open: JCal[], name: string): void {
  const component: JCal = [name, [], []]
  open.at(-1)?.[2].push(component)
  open.push(component)
}

function end(open: JCal[], name: string, onStray: () => void): void {
  const level = open.findLastIndex((component) => component[0] === name)
  if (level > 0) open.length = level
  else onStray()
}

function addLine(component: JCal, line: string, skipped: Skipped): void {
  if (component[0] === 'root') {
    skipped('line outside a calendar', line)
    return
  }
  try {
    const property = ICAL.parse.property(withValueType(line), ICAL.design.icalendar)
    // Values are decoded when they are first read; an undecodable one must not fail later.
    new ICAL.Property(property).getValues().map(String)
    component[1].push(property)
  } catch {
    skipped('unreadable line', line)
    // Without any RECURRENCE-ID the exception would be taken for its series.
    if (/^RECURRENCE-ID/i.test(line)) component[1].push(['recurrence-id', {}, 'text', line])
  }
}

/** Some programs omit `VALUE=DATE`: a value without a time is a date. */
function withValueType(line: string): string {
  return line.replace(
    /^((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(?![^:]*VALUE=)[^:]*)(:\d{8}(?:,\d{8})*)$/i,
    '$1;VALUE=DATE$2',
  )
}
