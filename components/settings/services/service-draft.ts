import type { ServiceFields } from '#lib/services/schema.ts'

/** The contents of the form. */
export type ServiceDraft = Omit<
  ServiceFields,
  'otherNames' | 'durations' | 'gapBefore' | 'gapAfter' | 'noticeMinutes' | 'horizonDays' | 'people'
> &
  Record<'otherNames' | 'durations' | 'gapBefore' | 'gapAfter' | 'noticeHours' | 'horizonDays' | 'people', string>

export const toDraft = (fields: ServiceFields): ServiceDraft => {
  const { otherNames, durations, gapBefore, gapAfter, noticeMinutes, horizonDays, people, ...rest } = fields
  return {
    ...rest,
    otherNames: otherNames.join(', '),
    durations: durations.join(', '),
    gapBefore: String(gapBefore),
    gapAfter: String(gapAfter),
    noticeHours: noticeMinutes === null ? '' : String(noticeMinutes / 60),
    horizonDays: horizonDays === null ? '' : String(horizonDays),
    people: String(people),
  }
}

/** Text that is no number becomes NaN, which the server refuses with a sentence for the field. */
export const toFields = (draft: ServiceDraft): ServiceFields => {
  const { otherNames, durations, gapBefore, gapAfter, noticeHours, horizonDays, people, ...rest } = draft
  return {
    ...rest,
    otherNames: parts(otherNames),
    durations: parts(durations).map(Number),
    gapBefore: numberOf(gapBefore),
    gapAfter: numberOf(gapAfter),
    noticeMinutes: noticeHours.trim() === '' ? null : Math.round(numberOf(noticeHours) * 60),
    horizonDays: horizonDays.trim() === '' ? null : numberOf(horizonDays),
    people: numberOf(people),
  }
}

const parts = (text: string) =>
  text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter(Boolean)

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))
