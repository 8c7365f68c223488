// @ts-check
import { byId, el } from './dom.js'

/** @import { Scope } from '../../person/person.ts' */

/** @type {[Scope, string][]} */
const scopes = [
  ['this', 'This event'],
  ['following', 'This and following events'],
  ['all', 'All events'],
]

/**
 * Asks which part of a series an edit applies to; `undefined` if cancelled.
 * @param {string} title
 * @param {Scope[]} [offered]
 * @returns {Promise<Scope | undefined>}
 */
export function askScope(title, offered = ['this', 'following', 'all']) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('scope-dialog'))
  const choices = scopes
    .filter(([scope]) => offered.includes(scope))
    .map(([scope, label], index) =>
      el(
        'label',
        { class: 'choice' },
        el('input', { type: 'radio', name: 'scope', value: scope, checked: index === 0 }),
        label,
      ),
    )
  const form = el(
    'form',
    { method: 'dialog' },
    el('h2', { id: 'scope-dialog-title' }, title),
    el('fieldset', {}, el('legend', { class: 'hidden' }, 'Which events'), ...choices),
    el(
      'footer',
      {},
      el('span', { class: 'grow' }),
      el('button', { class: 'button', type: 'button', onclick: () => dialog.close('') }, 'Cancel'),
      el('button', { class: 'button primary', value: 'ok' }, 'OK'),
    ),
  )
  dialog.replaceChildren(form)
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        const chosen = /** @type {Scope | null} */ (new FormData(form).get('scope'))
        resolve(dialog.returnValue === 'ok' && chosen ? chosen : undefined)
      },
      { once: true },
    )
  })
}
