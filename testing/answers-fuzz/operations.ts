import { randomUUID } from 'node:crypto'
import { listCalendars } from '#lib/connection/choices.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { inGoogle } from '../chaos/google.ts'
import { connectionOf, type Model } from '../chaos/model.ts'
import { link } from '../chaos/owner.ts'
import { inSophiie } from '../chaos/sophiie.ts'

/** What makes the product ask Google for an answer of each kind. */

type Asking = {
  /** As the emulator names it. */
  operation: string
  prepare: (model: Model) => Promise<void>
  /** Asks outside a sync run. Throws if the answer is not dealt with. */
  ask?: (model: Model) => Promise<void>
}

const slotOf = (model: Model) => ({ day: 30 + (model.serial++ % 60), hour: model.serial % 20, minutes: 60 })

const setConnection = async ({ database: { sql }, fixture }: Model, column: 'sync_token' | 'access_token') => {
  await sql`update google_connections set ${sql(column)} = null where business_id = ${fixture.businessId}`
}

const retitle = (model: Model) =>
  inGoogle(model, {
    do: 'change-mapped',
    which: model.serial,
    fields: ['title'],
    slot: slotOf(model),
    allDay: false,
  })

const edit = (model: Model) =>
  inSophiie(model, { do: 'edit', which: model.serial, fields: ['title', 'notes'], assignees: 0 })

const askForCalendars = async (model: Model) => {
  const connection = await connectionOf(model)
  const { db } = model.database
  const answer = await listCalendars(calendarApi(tokenOf(db, connection?.id ?? '')))
  const texts = answer.ok ? answer.data.flatMap(({ id, name, timeZone }) => [id, name, timeZone]) : []
  if (texts.some((text) => typeof text !== 'string' || !text.isWellFormed() || text.includes('\0')))
    throw new Error('A calendar has a field that is not storable text.')
}

export const askings = {
  'full list': {
    operation: 'events.list',
    prepare: (model) => setConnection(model, 'sync_token'),
  },
  'delta list': {
    operation: 'events.list',
    prepare: async (model) => {
      retitle(model)
      inGoogle(model, { do: 'change', which: model.serial, what: 'title', slot: slotOf(model) })
      inGoogle(model, {
        do: 'change-instance',
        which: model.serial,
        nth: 1,
        scope: 'this',
        slot: slotOf(model),
        retitle: true,
      })
    },
  },
  get: {
    operation: 'events.get',
    prepare: async (model) => {
      // The write is refused, because both sides have changed, and the event is read.
      retitle(model)
      await Promise.all([...model.booked].slice(0, 3).map(() => edit(model)))
    },
  },
  insert: {
    operation: 'events.insert',
    prepare: (model) => inSophiie(model, { do: 'book', slot: slotOf(model), assignees: model.serial }),
  },
  patch: { operation: 'events.patch', prepare: edit },
  delete: {
    operation: 'events.delete',
    prepare: (model) => inSophiie(model, { do: 'cancel', which: model.serial }),
  },
  watch: {
    operation: 'events.watch',
    prepare: async ({ database: { sql }, fixture }) => {
      await sql`update google_connections set channel_expires_at = null where business_id = ${fixture.businessId}`
    },
  },
  refresh: { operation: 'oauth.token', prepare: (model) => setConnection(model, 'access_token') },
  link: {
    operation: 'oauth.token',
    prepare: async () => {},
    ask: async (model) => {
      await link(model, 0)
    },
  },
  calendars: { operation: 'calendarList.list', prepare: async () => {}, ask: askForCalendars },
} satisfies Record<string, Asking>

export type AskingName = keyof typeof askings
export const askingNames = Object.keys(askings) as AskingName[]
export const askingOf = (name: AskingName): Asking => askings[name]

/** Events of every kind that a person may have. */
export const fillCalendar = (model: Model): void => {
  const kinds = ['timed', 'all-day', 'series', 'all-day-series', 'free', 'private'] as const
  for (const [at, kind] of kinds.entries())
    inGoogle(model, { do: 'create', kind, slot: { day: at, hour: at, minutes: 60 }, rule: 1, elsewhere: false })
  inGoogle(model, {
    do: 'change-instance',
    which: 0,
    nth: 2,
    scope: 'this',
    slot: { day: 20, hour: 3, minutes: 60 },
    retitle: false,
  })
  model.google.person.create({
    email: model.fixture.email,
    calendarId: model.chosen.calendarId,
    event: {
      id: `guests${randomUUID().replaceAll('-', '')}`.replace(/[^0-9a-v]/g, ''),
      summary: 'Private life with guests',
      location: 'Retitled 1 Street',
      description: 'a secret',
      start: { dateTime: '2027-02-01T02:00:00Z', timeZone: 'Australia/Sydney' },
      end: { dateTime: '2027-02-01T03:00:00Z', timeZone: 'Australia/Sydney' },
      attendees: [
        { email: model.fixture.email, responseStatus: 'accepted' },
        { email: 'guest@friends.example', responseStatus: 'declined' },
      ],
    },
  })
}
