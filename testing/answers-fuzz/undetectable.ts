/**
 * Answers that say of an event what people might have done to it. A reader has to believe them, and
 * what people really did to the same field may be overwritten without a trace.
 */

/** Values that Google never sends in place of a text. */
const wrongTypes = ['null', 'true', 'number', 'negative', 'largest number', 'in an array', 'in an object', 'nested']

const explained: { field: RegExp; violation: RegExp }[] = [
  { field: /(?:^|\.)summary$/, violation: /^Google’s title / },
  { field: /(?:^|\.)location$/, violation: /^Google’s location / },
  { field: /(?:^|\.)attendees(?:\.\*)?(?:\.email)?$/, violation: /guests are|owner not invited|^guest / },
]

type Sent = { field: string; label: string }

/** Whether a violation follows from an answer that said another text, or a guest less. */
export const isExplained = (violation: string, sent: Sent[]): boolean =>
  explained.some(
    (one) =>
      one.violation.test(violation) &&
      sent.some(({ field, label }) => one.field.test(field) && !isDetectable(field, label)),
  )

/** A guest without an address, or one of another type, is asked for again. */
const isDetectable = (field: string, label: string): boolean =>
  wrongTypes.includes(label) || (field.endsWith('.email') && label === 'removed')
