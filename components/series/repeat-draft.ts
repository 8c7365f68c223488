import { fieldErrors } from '#lib/appointments/field-errors.ts'
import { placeOf, type Repeat, repeatSchema, repeatWords } from '#lib/repeat/repeat.ts'

/** The contents of the **Repeat** field: a preset or the parts of a custom rule, and the end. */
export type RepeatDraft = {
  choice: RepeatChoice
  every: string
  unit: Repeat['unit']
  /** 1 is Monday. Empty: the weekday of the first visit. */
  weekdays: readonly number[]
  monthly: Monthly
  ends: 'never' | 'after' | 'on'
  /** Number of visits. */
  after: string
  /** YYYY-MM-DD */
  on: string
}

export type RepeatChoice = 'none' | PresetName | 'custom'
export type Monthly = NonNullable<Repeat['monthly']>

type Rule = Omit<Repeat, 'ends'>

const presets = {
  day: { every: 1, unit: 'day' },
  workday: { every: 1, unit: 'week', weekdays: [1, 2, 3, 4, 5] },
  week: { every: 1, unit: 'week' },
  'two-weeks': { every: 2, unit: 'week' },
  'four-weeks': { every: 4, unit: 'week' },
  month: { every: 1, unit: 'month', monthly: 'date' },
  'month-weekday': { every: 1, unit: 'month', monthly: 'weekday' },
  year: { every: 1, unit: 'year' },
} satisfies Record<string, Rule>

export type PresetName = keyof typeof presets

const presetNames = Object.keys(presets) as PresetName[]

const isPreset = (choice: string): choice is PresetName => choice in presets

export const noRepeat: RepeatDraft = {
  ...{ choice: 'none', every: '1', unit: 'week', weekdays: [], monthly: 'date' },
  ...{ ends: 'never', after: '10', on: '' },
}

/** The presets in words for a date: "Every 2 weeks on Tuesday". */
export const presetsOn = (date: string): { name: PresetName; words: string }[] =>
  presetNames.map((name) => ({
    name,
    words: name === 'workday' ? 'Every day, Monday to Friday' : wordsOf(presets[name], date),
  }))

const wordsOf = (rule: Rule, date: string) => repeatWords({ ...rule, ends: 'never' }, date)

/** Places within the month that a date can have: the 3rd, the 1st Tuesday, the last day. */
export const monthlyOn = (date: string): { value: Monthly; words: string }[] => {
  const { nth } = placeOf(date)
  const places: Monthly[] = nth > 4 ? ['date', 'last-weekday', 'last-day'] : ['date', 'weekday', 'last-day']
  // The fourth may be the last as well.
  if (nth === 4) places.splice(2, 0, 'last-weekday')
  return places.map((monthly) => ({
    value: monthly,
    words: `On ${nameOfPlace(monthly, date)}`,
  }))
}

const nameOfPlace = (monthly: Monthly, date: string) => {
  if (monthly === 'last-weekday') return `the last ${weekdayOn(date)}`
  return wordsOf({ every: 1, unit: 'month', monthly }, date).replace('Every month on ', '')
}

const weekdayOn = (date: string) => wordsOf({ every: 1, unit: 'week' }, date).replace('Every week on ', '')

/** Choosing **Custom** goes on from the preset that was chosen. */
export const withChoice = (draft: RepeatDraft, choice: RepeatChoice, date: string): RepeatDraft => {
  if (choice !== 'custom') return { ...draft, choice }
  const rule: Rule = isPreset(draft.choice) ? presets[draft.choice] : presets.week
  const weekdays = rule.weekdays ?? (date ? [placeOf(date).weekday] : [])
  return { ...draft, choice, every: String(rule.every), unit: rule.unit, weekdays, monthly: rule.monthly ?? 'date' }
}

/** The draft of an existing rule. */
export const draftOf = (repeat: Repeat): RepeatDraft => {
  const { every, unit, weekdays = [], monthly = 'date', ends } = repeat
  const end =
    ends === 'never'
      ? { ends }
      : 'after' in ends
        ? { ends: 'after' as const, after: String(ends.after) }
        : { ends: 'on' as const, on: ends.on }
  return { ...noRepeat, choice: 'custom', every: String(every), unit, weekdays, monthly, ...end }
}

export type ReadRepeat =
  | { state: 'none' }
  | { state: 'invalid'; errors: Record<string, string> }
  | { state: 'repeats'; repeat: Repeat }

/** What the field says. Errors are keyed by `every`, `weekdays`, `after` and `on`. */
export const readRepeat = (draft: RepeatDraft): ReadRepeat => {
  if (draft.choice === 'none') return { state: 'none' }
  const rule: Rule = isPreset(draft.choice) ? presets[draft.choice] : customRule(draft)
  const parsed = repeatSchema.safeParse({ ...rule, ends: endsOf(draft) })
  if (parsed.success) return { state: 'repeats', repeat: parsed.data }
  return { state: 'invalid', errors: errorsOf(draft, fieldErrors(parsed.error)) }
}

const customRule = ({ every, unit, weekdays, monthly }: RepeatDraft): Rule => ({
  every: numberIn(every),
  unit,
  ...(unit === 'week' && { weekdays: [...weekdays] }),
  ...(unit === 'month' && { monthly }),
})

const endsOf = ({ ends, after, on }: RepeatDraft): Repeat['ends'] => {
  if (ends === 'never') return 'never'
  return ends === 'after' ? { after: numberIn(after) } : { on }
}

const numberIn = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

/** A union says only that nothing fits, so the end is named by what was chosen. */
const errorsOf = ({ ends }: RepeatDraft, { every, weekdays, ...rest }: Record<string, string>) => ({
  ...(every && { every }),
  ...(weekdays && { weekdays }),
  ...(Object.keys(rest).length > 0 &&
    (ends === 'after' ? { after: 'Use a number from 1 to 500.' } : { on: 'Give a date.' })),
})
