import { escapeHtml } from '../http.ts'
import type { EventResource } from '../model.ts'
import type { World } from '../world.ts'
import { findEvent, resourceOf, rewrite } from './events.ts'
import type { Person } from './person.ts'

/**
 * The description as the editor saves it: `<br>` for line ends, links, one word in `<b>`. One that
 * is HTML already stays as it is.
 */
export function formatDescription(
  world: World,
  { bold, ...ref }: Parameters<Person['formatDescription']>[0],
): EventResource {
  const { calendar, target } = findEvent(world, ref)
  const { description = '' } = target.event.content
  const word = bold ?? /\S+/.exec(description)?.[0]
  if (!word || !description.includes(word)) throw new Error(`The description does not contain ${word}.`)
  if (/<(?:br|b|a)\b[^>]*>/.test(description)) return resourceOf(world, { calendar, event: target.event })
  const [before = '', ...after] = description.split(word)
  const html = `${htmlOf(before)}<b>${escapeHtml(word)}</b>${htmlOf(after.join(word))}`
  const event = rewrite(world, { calendar, target, changes: { description: html } })
  return resourceOf(world, { calendar, event })
}

function htmlOf(text: string): string {
  return escapeHtml(text)
    .replace(/https?:\/\/[^\s&]+/g, (address) => `<a href="${address}">${address}</a>`)
    .replace(/\r?\n/g, '<br>')
}
