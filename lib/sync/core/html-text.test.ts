import { describe, expect, test } from 'vitest'
import { mergedDescription } from './project.ts'
import { baseWithUnacknowledged } from './unacknowledged.ts'

const before =
  'Customer: K. Ng\nAssigned to: Mia\nGate code 4411 & <side gate>\nBooked in Sophiie: http://x.example/calendar?appointment=1'
const ours = before.replace('Gate code 4411 & <side gate>', 'Gate code 5522')
const asHtml = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replaceAll('\n', '<br>')
const link = '<a href="http://x.example/calendar?appointment=1">http://x.example/calendar?appointment=1</a>'

describe('our block in a description that became HTML', () => {
  test.each<[string, string, string[]]>([
    ['only line ends', asHtml(before), []],
    ['one bold word of ours', asHtml(before).replace('Customer', '<b>Customer</b>'), []],
    ['our link made clickable', asHtml(before).replace('http://x.example/calendar?appointment=1', link), []],
    ['words below', `${asHtml(before)}<br><br><b>Bring a ladder</b>`, ['<b>Bring a ladder</b>']],
    ['words above', `<i>Park behind</i><br>${asHtml(before)}`, ['<i>Park behind</i>']],
    [
      'words between our lines',
      asHtml(before).replace('<br>Assigned', '<br>Ring <u>twice</u><br>Assigned'),
      ['Ring <u>twice</u>'],
    ],
    ['paragraphs', `<p>${asHtml(before).replaceAll('<br>', '</p><p>')}</p><p>Bring a ladder</p>`, ['Bring a ladder']],
    ['blanks as &nbsp;', asHtml(before).replaceAll('K. Ng', 'K.&nbsp;Ng'), []],
    ['a list', `${asHtml(before)}<ul><li>Ladder</li><li>Drill</li></ul>`, ['Ladder', 'Drill']],
    ['upper-case tags', asHtml(before).replaceAll('<br>', '<BR/>').concat('<BR/><B>Ladder</B>'), ['<B>Ladder</B>']],
  ])('%s', (_, remoteSnapshot, kept) => {
    const merged = mergedDescription({ ours, before, remoteSnapshot })
    const count = (text: string) => merged.split(text).length - 1
    expect(count('Customer')).toBe(1)
    expect(count('Booked in Sophiie')).toBe(1)
    expect(count('Gate code 5522')).toBe(1)
    expect(merged).not.toContain('4411')
    for (const words of kept) expect(count(words)).toBe(1)
    // Written twice, it does not grow.
    expect(mergedDescription({ ours, before: ours, remoteSnapshot: merged })).toBe(merged)
  })

  test('our own text within HTML is escaped', () => {
    const merged = mergedDescription({ ours: before, before: ours, remoteSnapshot: `${asHtml(ours)}<br><b>x</b>` })
    expect(merged).toContain('Gate code 4411 &amp; &lt;side gate&gt;<br>')
  })

  test('text that only looks like a tag is no HTML', () => {
    const remoteSnapshot = `${before}\nClick here to join<https://teams.example.com/l/abc>\nAnn <ann@x.example>`
    expect(mergedDescription({ ours, before, remoteSnapshot })).toBe(
      `${ours}\nClick here to join<https://teams.example.com/l/abc>\nAnn <ann@x.example>`,
    )
  })

  test('lines of an unacknowledged write are recognised', () => {
    const times = {
      allDay: false as const,
      start: '2027-01-11T23:00:00Z',
      end: '2027-01-12T00:00:00Z',
      startZone: null,
      endZone: null,
    }
    const content = { title: 'T', times, location: '', guests: [] }
    const known = baseWithUnacknowledged(
      { title: 'T', times, location: '', attendees: [], updated: null, description: `${asHtml(before)}<br><b>x</b>` },
      { ...content, description: '' },
      [{ ...content, description: before }],
    )
    expect(known.description).toBe(before)
  })
})
