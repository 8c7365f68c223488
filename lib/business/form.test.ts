import { describe, expect, test } from 'vitest'
import { freshBusiness, parseBusiness, readTyped } from './form.ts'
import { matchZone } from './match-zone.ts'

const typed = { ...freshBusiness, name: 'Harbour Plumbing', timeZone: 'Australia/Sydney' }

describe('matchZone', () => {
  test.each([
    ['Australia/Sydney', 'Australia/Sydney'],
    ['australia/sydney', 'Australia/Sydney'],
    ['sydney', 'Australia/Sydney'],
    [' New York ', 'America/New_York'],
    ['america/argentina/ushuaia', 'America/Argentina/Ushuaia'],
    ['UTC', 'UTC'],
  ])('%j matches %s', (words, zone) => {
    expect(matchZone(words)).toBe(zone)
  })

  test.each(['', 'Sydney Harbour', 'Atlantis/Deep', '+10:00', 'a/b/c'])('%j matches no zone', (words) => {
    expect(matchZone(words)).toBeNull()
  })
})

describe('the welcome form', () => {
  test('parses into a business', () => {
    const parsed = parseBusiness(typed)
    expect(parsed).toMatchObject({
      ok: true,
      business: { name: 'Harbour Plumbing', timeZone: 'Australia/Sydney' },
    })
    if (!parsed.ok) return
    expect(parsed.business.openingHours['5']).toEqual([{ from: '08:00', to: '17:00' }])
    expect(parsed.business.openingHours['6']).toEqual([])
  })

  test('returns an error for each invalid field', () => {
    const days = typed.days.map((day, index) => (index === 2 ? { open: true, from: '17:00', to: '08:00' } : day))
    expect(parseBusiness({ name: '  ', timeZone: 'Atlantis', days })).toEqual({
      ok: false,
      fields: {
        name: 'Enter a name for the business.',
        timeZone: 'Choose a time zone from the list, for example Australia/Sydney.',
        'hours-3': 'Closing must be after opening.',
      },
    })
  })

  test('an open day without times is an error, a closed one is not', () => {
    const days = typed.days.map((_, index) => ({ open: index === 0, from: '', to: '' }))
    expect(parseBusiness({ ...typed, days })).toEqual({
      ok: false,
      fields: { 'hours-1': 'Enter a time like 09:00.' },
    })
  })

  test('reads text fields only', () => {
    const form = new FormData()
    form.set('name', 'A')
    form.set('timeZone', new File([], 'zone'))
    form.set('open-7', 'on')
    form.set('from-7', '10:00')
    expect(readTyped(form)).toMatchObject({ name: 'A', timeZone: '' })
    expect(readTyped(form).days[6]).toEqual({ open: true, from: '10:00', to: '' })
    expect(readTyped(form).days[0]?.open).toBe(false)
  })
})
