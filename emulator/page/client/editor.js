// @ts-check
import { perform, readEvent } from './api.js'
import { byId, el } from './dom.js'
import { shifted } from './layout.js'
import { askScope } from './scope-dialog.js'

/**
 * @import { Action, ActionResult, CalendarView, EventDetails } from '../types.ts'
 * @import { EventForm, Repeat } from '../types.ts'
 * @import { ResponseStatus } from '../../model.ts'
 * @import { Scope } from '../../person/person.ts'
 * @typedef {(done: ActionResult, message: string) => void} Report
 *   called with the result and a message for success
 * @typedef {{ calendarId: string, id: string }} Ref
 */

/** @type {[Repeat, string][]} */
const repeats = [
  ['none', 'Does not repeat'],
  ['daily', 'Every day'],
  ['weekly', 'Every week on this day'],
  ['weekdays', 'Every weekday'],
  ['monthly', 'Every month on this date'],
  ['custom', 'Custom rule'],
]

/** @type {Record<ResponseStatus, string>} */
const answers = {
  accepted: 'coming',
  declined: 'not coming',
  tentative: 'maybe',
  needsAction: 'no answer yet',
}

/**
 * Opens the dialog for a new event.
 * @param {EventForm} form
 * @param {CalendarView[]} calendars
 * @param {Report} report
 */
export function openNew(form, calendars, report) {
  /** @type {EventDetails} */
  const details = { form, repeats: false, editable: true, role: 'owner', kind: 'default', answers: [] }
  show({ details, calendars, report, title: 'New event' })
}

/**
 * Opens the dialog of an existing event.
 * @param {Ref} ref
 * @param {CalendarView[]} calendars
 * @param {Report} report
 */
export async function openEvent(ref, calendars, report) {
  try {
    const details = await readEvent(ref)
    show({ details, calendars, report, ref, title: details.editable ? 'Edit event' : 'Event' })
  } catch (error) {
    report({ ok: false, reason: error instanceof Error ? error.message : String(error) }, '')
  }
}

/**
 * @typedef {{
 *   details: EventDetails
 *   calendars: CalendarView[]
 *   report: Report
 *   ref?: Ref
 *   title: string
 * }} Shown
 */

/** @param {Shown} shown */
function show(shown) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('editor'))
  const error = el('p', { class: 'error', role: 'alert' })
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    save(shown, { dialog, form, error })
  }
  /** @type {HTMLFormElement} */
  const form = el(
    'form',
    { onsubmit: submit },
    el('header', {}, el('h2', { id: 'editor-title' }, shown.title), closeButton(dialog)),
    invitation(shown, dialog),
    notes(shown),
    el('fieldset', { disabled: !shown.details.editable }, ...fields(shown)),
    guestList(shown.details),
    error,
    buttons(shown, dialog),
  )
  dialog.replaceChildren(form)
  wire(form)
  dialog.showModal()
  form.querySelector('input')?.focus()
}

/** @param {HTMLDialogElement} dialog */
function closeButton(dialog) {
  return el(
    'button',
    { class: 'button icon plain', type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() },
    '✕',
  )
}

/** @param {Shown} shown @param {HTMLDialogElement} dialog */
function invitation({ details, ref, report }, dialog) {
  const { invitation: invited } = details
  if (!invited || !ref) return null
  /** @param {ResponseStatus} answer */
  const respond = async (answer) => {
    const scope = details.repeats ? await askScope('Reply to repeating event', ['this', 'all']) : 'all'
    if (!scope) return
    dialog.close()
    const action = /** @type {Action} */ ({
      do: 'respond',
      calendarId: ref.calendarId,
      eventId: ref.id,
      answer,
      scope,
    })
    report(await perform(action), `Reply sent: ${answers[answer]}`)
  }
  /** @param {ResponseStatus} answer @param {string} label */
  const button = (answer, label) =>
    el(
      'button',
      {
        class: 'button',
        type: 'button',
        'aria-pressed': String(invited.answer === answer),
        onclick: () => respond(answer),
      },
      label,
    )
  return el(
    'div',
    { class: 'invitation' },
    el('p', {}, `Invitation from ${invited.from}: ${answers[invited.answer]}`),
    el(
      'div',
      { class: 'answers' },
      button('accepted', 'Accept'),
      button('tentative', 'Maybe'),
      button('declined', 'Decline'),
    ),
  )
}

/** @param {Shown} shown */
function notes({ details }) {
  /** @type {Partial<Record<string, string>>} */
  const kinds = {
    outOfOffice: 'Out of office',
    focusTime: 'Focus time',
    workingLocation: 'Working location',
    birthday: 'Birthdays come from contacts and cannot be changed here.',
    fromGmail: 'Events from Gmail cannot be changed here.',
  }
  const locked =
    details.editable || details.kind !== 'default' ? undefined : 'You can view this calendar but not change it.'
  const text = kinds[details.kind] ?? locked
  return text ? el('p', { class: 'note' }, text) : null
}

/** @param {Shown} shown */
function fields({ details, calendars }) {
  const { form } = details
  const offered = calendars.filter(({ writable, id }) => writable || id === form.calendarId)
  return [
    labelled('Title', text('title', form.title), 'wide'),
    el(
      'label',
      { class: 'check wide' },
      el('input', { type: 'checkbox', name: 'allDay', checked: form.allDay }),
      'All day',
    ),
    ...times(form),
    labelled('Repeat', select('repeat', repeats, form.repeat), 'repeat'),
    labelled('Rule', text('rule', form.rule, 'FREQ=MONTHLY;BYDAY=-1FR'), 'rule wide'),
    labelled('Location', text('location', form.location), 'wide'),
    labelled('Guests', text('guests', form.guests.join(', '), 'mia@example.com, tom@example.com'), 'wide'),
    el(
      'div',
      { class: 'thirds' },
      labelled(
        'Calendar',
        select(
          'calendarId',
          offered.map(({ id, name }) => [id, name]),
          form.calendarId,
        ),
      ),
      labelled('Show as', select('free', shownAs, form.free ? 'free' : 'busy')),
      labelled('Visibility', select('visibility', visibilities, form.visibility)),
    ),
    labelled('Description', el('textarea', { name: 'description', rows: 3, dir: 'auto' }, form.description), 'wide'),
  ]
}

/** @type {[string, string][]} */
const shownAs = [
  ['busy', 'Busy'],
  ['free', 'Free'],
]

/** @type {[string, string][]} */
const visibilities = [
  ['default', 'Default'],
  ['public', 'Public'],
  ['private', 'Private'],
]

/** @param {EventForm} form */
function times(form) {
  const part = (
    /** @type {'date' | 'time'} */ type,
    /** @type {'startDate' | 'startTime' | 'endDate' | 'endTime'} */ name,
  ) => el('input', { type, name, value: form[name], required: true })
  return [
    labelled('Start date', part('date', 'startDate')),
    labelled('Start time', part('time', 'startTime'), 'clock'),
    labelled('End date', part('date', 'endDate')),
    labelled('End time', part('time', 'endTime'), 'clock'),
    labelled('Time zone', select('zone', zones(form.zone), form.zone), 'clock'),
  ]
}

/** @param {string} name @param {string} value @param {string} [placeholder] */
function text(name, value, placeholder) {
  return el('input', { name, value, placeholder, autocomplete: 'off', dir: 'auto' })
}

/** @param {string} label @param {HTMLElement} control @param {string} [kind] */
function labelled(label, control, kind = '') {
  return el('label', { class: `field ${kind}` }, el('span', {}, label), control)
}

/**
 * @param {string} name
 * @param {readonly (readonly [string, string])[]} options
 * @param {string} chosen
 */
function select(name, options, chosen) {
  return el(
    'select',
    { name },
    ...options.map(([value, label]) => el('option', { value, selected: value === chosen }, label)),
  )
}

/** @param {string} own @returns {[string, string][]} */
function zones(own) {
  const known = Intl.supportedValuesOf('timeZone')
  return (known.includes(own) ? known : [own, ...known]).map((zone) => [zone, zone.replaceAll('_', ' ')])
}

/** @param {EventDetails} details */
function guestList({ answers: list }) {
  if (list.length === 0) return null
  const items = list.map(({ email, name, answer, self }) =>
    el('li', {}, `${self ? 'You' : (name ?? email)}: ${answers[answer]}`),
  )
  return el('div', { class: 'guests' }, el('h3', {}, 'Who is coming'), el('ul', {}, ...items))
}

/** @param {Shown} shown @param {HTMLDialogElement} dialog */
function buttons({ details, ref, report }, dialog) {
  const cancel = el(
    'button',
    { class: 'button cancel', type: 'button', onclick: () => dialog.close() },
    details.editable ? 'Cancel' : 'Close event',
  )
  if (!details.editable || !ref) {
    return el(
      'footer',
      {},
      el('span', { class: 'grow' }),
      cancel,
      details.editable && el('button', { class: 'button primary' }, 'Save'),
    )
  }
  const { calendarId, id: eventId } = ref
  const remove = async () => {
    const scope = details.repeats ? await askScope('Delete repeating event') : 'all'
    if (!scope) return
    dialog.close()
    report(
      await perform({ do: 'delete', calendarId, eventId, scope }),
      scope === 'this' || !details.repeats ? 'Event deleted' : 'Events deleted',
    )
  }
  const duplicate = async () => {
    dialog.close()
    report(await perform({ do: 'duplicate', calendarId, eventId }), 'Event duplicated')
  }
  return el(
    'footer',
    {},
    el('button', { class: 'button danger', type: 'button', onclick: remove }, 'Delete'),
    el('button', { class: 'button', type: 'button', onclick: duplicate }, 'Duplicate'),
    el('span', { class: 'grow' }),
    cancel,
    el('button', { class: 'button primary' }, 'Save'),
  )
}

/**
 * Keeps fields consistent: no times for all-day events, a rule only for custom ones, and a constant
 * duration when the start changes.
 * @param {HTMLFormElement} form
 */
function wire(form) {
  const named = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name))
  const startOf = () => `${named('startDate').value}T${named('startTime').value}`
  let start = startOf()
  const follow = () => {
    const moved = Date.parse(`${startOf()}Z`) - Date.parse(`${start}Z`)
    const end = `${named('endDate').value}T${named('endTime').value}`
    start = startOf()
    if (Number.isNaN(moved) || Number.isNaN(Date.parse(`${end}Z`))) return
    const [date = '', time = ''] = shifted(end, { minutes: moved / 60_000 }).split('T')
    named('endDate').value = date
    named('endTime').value = time
  }
  const adapt = () => {
    form.classList.toggle('all-day', named('allDay').checked)
    form.classList.toggle('custom', named('repeat').value === 'custom')
    for (const name of ['startTime', 'endTime']) named(name).required = !named('allDay').checked
    named('rule').required = named('repeat').value === 'custom'
  }
  named('startDate').addEventListener('change', follow)
  named('startTime').addEventListener('change', follow)
  form.addEventListener('change', adapt)
  adapt()
}

/** @param {HTMLFormElement} form @returns {EventForm} */
function read(form) {
  const data = new FormData(form)
  const text = (/** @type {string} */ name) => String(data.get(name) ?? '')
  return {
    title: text('title'),
    allDay: data.has('allDay'),
    startDate: text('startDate'),
    startTime: text('startTime'),
    endDate: text('endDate'),
    endTime: text('endTime'),
    zone: text('zone'),
    location: text('location'),
    description: text('description'),
    guests: text('guests')
      .split(/[\s,;]+/)
      .filter(Boolean),
    free: text('free') === 'free',
    visibility: /** @type {EventForm['visibility']} */ (text('visibility')),
    repeat: /** @type {Repeat} */ (text('repeat')),
    rule: text('rule'),
    calendarId: text('calendarId'),
  }
}

/**
 * @param {Shown} shown
 * @param {{ dialog: HTMLDialogElement, form: HTMLFormElement, error: HTMLElement }} open
 */
async function save({ details, ref, report }, { dialog, form, error }) {
  const values = read(form)
  const changedRule = values.repeat !== details.form.repeat || values.rule !== details.form.rule
  /** @type {Scope[]} */
  const offered = changedRule ? ['following', 'all'] : ['this', 'following', 'all']
  const scope = ref && details.repeats ? await askScope('Change repeating event', offered) : 'all'
  if (!scope) return
  /** @type {Action} */
  const action = ref
    ? { do: 'save', calendarId: ref.calendarId, eventId: ref.id, form: values, scope }
    : { do: 'create', form: values }
  const done = await perform(action)
  if (!done.ok) {
    error.textContent = done.reason
    return
  }
  dialog.close()
  report(done, ref ? 'Event saved' : 'Event created')
}
