import { expect, test } from 'vitest'
import { emptyService, parseSaveService, serviceFieldsSchema } from '#lib/services/schema.ts'
import { toDraft, toFields } from './service-draft.ts'

test('fields survive the form', () => {
  const fields = {
    ...emptyService,
    ...{ name: 'Tap', otherNames: ['drip', 'washer'], durations: [30, 60] },
    ...{ noticeMinutes: 90, horizonDays: 14, people: 2 },
  }
  expect(toFields(toDraft(fields))).toEqual(fields)
  expect(toFields(toDraft(emptyService))).toEqual(emptyService)
})

test.each([
  ['durations', '4', 'Enter 5 to 480 minutes.'],
  ['durations', '', 'Enter at least one length.'],
  ['durations', '60, 60', 'Enter each length once.'],
  ['durations', 'an hour', 'Enter a number of minutes.'],
  ['gapBefore', '', 'Enter a number of minutes.'],
  ['people', '1.5', 'Enter a whole number of people.'],
  ['noticeHours', '337', 'Use at most 336 hours (14 days).'],
  ['horizonDays', '0', 'Enter 1 to 365 days.'],
  ['name', ' ', 'Enter a name.'],
])('%s “%s” is refused with a sentence', (name, value, message) => {
  const parsed = serviceFieldsSchema.safeParse(
    toFields({ ...toDraft({ ...emptyService, name: 'Tap' }), [name]: value }),
  )
  expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message])
})

test('a new service needs every field, a change only some', () => {
  const [businessId, id] = [crypto.randomUUID(), crypto.randomUUID()]
  expect(parseSaveService({ businessId, id: null, fields: { name: 'Tap' } }).success).toBe(false)
  expect(parseSaveService({ businessId, id, fields: { name: 'Tap' } }).success).toBe(true)
  const refused = parseSaveService({ businessId, id: null, fields: { ...emptyService, name: '' } })
  expect(refused.error?.issues.map(({ path }) => path.join('.'))).toEqual(['fields.name'])
})
