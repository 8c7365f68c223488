import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Content,
  contentOf,
  ownFields,
  type RemoteSnapshot,
  sameField,
  sharedFields,
  withField,
} from './content.ts'
import { type Local, merge, type Remote, reconcile, type Step, table, tableWithoutBase } from './reconcile.ts'
import type { UnacknowledgedWrites } from './unacknowledged.ts'

const base: Content = {
  title: 'Blocked drain',
  times: {
    allDay: false,
    start: '2027-01-01T00:00:00Z',
    end: '2027-01-01T01:00:00Z',
    startZone: 'Australia/Sydney',
    endZone: 'Australia/Sydney',
  },
  location: 'Manly',
  description: 'Booked in Sophiie: x',
  guests: [{ email: 'mia@harbour.example', name: 'Mia' }],
}
const sam = { email: 'sam@harbour.example', name: 'Sam' }
const later = {
  ...base.times,
  start: '2027-01-02T00:00:00Z',
  end: '2027-01-02T01:00:00Z',
} as Content['times']

const snapshotOf = (content: Content, changes: Partial<RemoteSnapshot> = {}): RemoteSnapshot => ({
  title: content.title,
  times: content.times,
  location: content.location,
  description: content.description,
  attendees: content.guests.map((guest) => ({ email: guest.email })),
  updated: '2027-01-01T00:00:00.000Z',
  ...changes,
})

const present = (changes: Partial<RemoteSnapshot> = {}): Remote => ({
  state: 'present',
  remoteSnapshot: snapshotOf(base, changes),
})
const booked = (changes: Partial<Content> = {}): Local => ({
  state: 'booked',
  content: { ...base, ...changes },
})
const cancelled: Local = { state: 'cancelled', content: base }
const gone: Remote = { state: 'gone' }
const decide = (
  local: Local,
  remote: Remote,
  known: Content | null = base,
  unacknowledgedWrites: UnacknowledgedWrites = [],
): Step => reconcile({ local, remote, base: known, unacknowledgedWrites })

describe('with a base', () => {
  test('the table has nine cells', () => {
    const cells = Object.values(table).flatMap((row) => Object.values(row))
    expect(cells).toHaveLength(9)
  })

  test('same × same: nothing', () => {
    expect(decide(booked(), present())).toEqual({ do: 'nothing' })
  })

  test('same × changed: applied to the appointment, nothing is written to Google', () => {
    expect(decide(booked(), present({ title: 'Drain', times: later }))).toEqual({
      do: 'converge',
      apply: ['title', 'times'],
      write: [],
      lost: [],
      base: { ...base, title: 'Drain', times: later },
    })
  })

  test('same × gone: people are asked', () => {
    expect(decide(booked(), gone)).toEqual({ do: 'flag' })
  })

  test('changed × same: only the changed fields are written', () => {
    expect(decide(booked({ location: 'Bondi', description: 'new' }), present())).toEqual({
      do: 'converge',
      apply: [],
      write: ['location', 'description'],
      lost: [],
      base: { ...base, location: 'Bondi', description: 'new' },
    })
  })

  test('changed × changed alike: the base is adopted, nothing is written', () => {
    expect(decide(booked({ title: 'Drain' }), present({ title: 'Drain' }))).toEqual({
      do: 'converge',
      apply: [],
      write: [],
      lost: [],
      base: { ...base, title: 'Drain' },
    })
  })

  test('changed × changed in different fields: each side gets the other’s', () => {
    expect(decide(booked({ title: 'Drain' }), present({ location: 'Bondi' }))).toEqual({
      do: 'converge',
      apply: ['location'],
      write: ['title'],
      lost: [],
      base: { ...base, title: 'Drain', location: 'Bondi' },
    })
  })

  test('changed × changed in one field: Sophiie’s wins, Google’s is reported as lost', () => {
    expect(decide(booked({ title: 'Ours' }), present({ title: 'Theirs' }))).toEqual({
      do: 'converge',
      apply: [],
      write: ['title'],
      lost: [{ field: 'title', google: 'Theirs' }],
      base: { ...base, title: 'Ours' },
    })
  })

  test('changed × gone: people are asked, Sophiie’s change stays', () => {
    expect(decide(booked({ title: 'Drain' }), gone)).toEqual({ do: 'flag' })
  })

  test('cancelled × same: deleted in Google', () => {
    expect(decide(cancelled, present())).toEqual({ do: 'delete', last: null })
  })

  test('cancelled × changed: deleted in Google, its last content reported', () => {
    expect(decide(cancelled, present({ title: 'Moved' }))).toEqual({
      do: 'delete',
      last: { ...base, title: 'Moved' },
    })
  })

  test('cancelled × gone: forgotten', () => {
    expect(decide(cancelled, gone)).toEqual({ do: 'forget' })
  })
})

describe('without a base', () => {
  test('the table has six cells', () => {
    const cells = Object.values(tableWithoutBase).flatMap((row) => Object.values(row))
    expect(cells).toHaveLength(6)
  })

  test('booked × absent: inserted', () => {
    expect(decide(booked(), { state: 'absent' }, null)).toEqual({ do: 'insert', content: base })
  })

  test('booked × absent, with a base: inserted again', () => {
    expect(decide(booked(), { state: 'absent' })).toEqual({ do: 'insert', content: base })
  })

  test('booked × present with our content: adopted without a write', () => {
    const remoteSnapshot = present({ description: `${base.description}\nBring the ladder` })
    expect(decide(booked(), remoteSnapshot, null)).toEqual({
      do: 'converge',
      apply: [],
      write: [],
      lost: [],
      base,
    })
  })

  test('booked × present with other content: Sophiie’s values are written, Google’s reported as lost', () => {
    const remoteSnapshot = present({ title: 'Theirs', description: '', attendees: [] })
    expect(decide(booked(), remoteSnapshot, null)).toEqual({
      do: 'converge',
      apply: [],
      write: ['title', 'description', 'guests'],
      lost: [{ field: 'title', google: 'Theirs' }],
      base,
    })
  })

  test('booked × present with an unacknowledged insert: what is no longer ours is removed', () => {
    const earlier = {
      ...base,
      title: 'Tap',
      description: 'Assigned to: Sam\nBooked in Sophiie: x',
      guests: [sam, ...base.guests],
    }
    const remoteSnapshot = present({
      ...snapshotOf(earlier),
      description: `${earlier.description}\nBring the ladder`,
    })
    expect(decide(booked(), remoteSnapshot, null, [earlier])).toEqual({
      do: 'converge',
      apply: [],
      write: ['title', 'description', 'guests'],
      lost: [],
      base,
    })
    // Without the unacknowledged write, the extra lines and guests count as people's.
    expect(decide(booked(), remoteSnapshot, null)).toMatchObject({
      write: ['title'],
      lost: [{ field: 'title', google: 'Tap' }],
    })
  })

  test('booked × gone: people are asked', () => {
    expect(decide(booked(), gone, null)).toEqual({ do: 'flag' })
  })

  test('cancelled × absent: forgotten', () => {
    expect(decide(cancelled, { state: 'absent' }, null)).toEqual({ do: 'forget' })
  })

  test('cancelled × present: deleted, its content reported', () => {
    expect(decide(cancelled, present({ title: 'Theirs' }), null)).toEqual({
      do: 'delete',
      last: { ...base, title: 'Theirs' },
    })
  })

  test('cancelled × gone: forgotten', () => {
    expect(decide(cancelled, gone, null)).toEqual({ do: 'forget' })
  })
})

test('another spelling of the same instant or zone is not a change', () => {
  const times = { ...base.times, start: '2027-01-01T00:00:00.000Z', startZone: null } as Content['times']
  expect(decide(booked(), present({ times }))).toEqual({ do: 'nothing' })
})

test('an untitled event keeps the known title', () => {
  expect(decide(booked(), present({ title: null }))).toEqual({ do: 'nothing' })
})

describe('merge, for any three contents', () => {
  const word = fc.constantFrom('a', 'b', 'c')
  const time = fc.constantFrom(base.times, later)
  const content: fc.Arbitrary<Content> = fc.record({
    title: word,
    times: time,
    location: word,
    description: word,
    guests: fc.constantFrom([], base.guests),
  })
  const sides = fc.record({ local: content, base: content, remote: content })
  const fields = [...sharedFields, ...ownFields]
  /** Google's side has shared fields only; own fields are taken from the base. */
  const asRead = (all: { local: Content; base: Content; remote: Content }) => ({
    ...all,
    remote: contentOf(snapshotOf(all.remote), all.base),
  })

  test('after applying and writing, both sides equal the base', () => {
    fc.assert(
      fc.property(sides, (drawn) => {
        const all = asRead(drawn)
        const step = merge(all)
        const local = step.apply.reduce((now, field) => withField(now, field, all.remote), all.local)
        const remote = step.write.reduce((now, field) => withField(now, field, step.base), all.remote)
        for (const field of fields) {
          expect(sameField(field, local, step.base)).toBe(true)
          expect(sameField(field, remote, step.base)).toBe(true)
        }
      }),
    )
  })

  test('a second merge has nothing to do', () => {
    fc.assert(
      fc.property(sides, (drawn) => {
        const agreed = merge(asRead(drawn)).base
        expect(merge({ local: agreed, base: agreed, remote: agreed })).toMatchObject({
          apply: [],
          write: [],
          lost: [],
        })
      }),
    )
  })

  test('a field that only one side changed is never lost', () => {
    fc.assert(
      fc.property(sides, (drawn) => {
        const all = asRead(drawn)
        const step = merge(all)
        for (const field of sharedFields) {
          const ours = !sameField(field, all.local, all.base)
          const theirs = !sameField(field, all.remote, all.base)
          if (ours && !theirs) expect(sameField(field, step.base, all.local)).toBe(true)
          if (theirs && !ours) expect(sameField(field, step.base, all.remote)).toBe(true)
        }
      }),
    )
  })

  test('only fields that both sides changed differently are reported as lost, and Sophiie’s win', () => {
    fc.assert(
      fc.property(sides, (drawn) => {
        const all = asRead(drawn)
        const step = merge(all)
        const clashes = sharedFields.filter(
          (field) =>
            !sameField(field, all.local, all.base) &&
            !sameField(field, all.remote, all.base) &&
            !sameField(field, all.local, all.remote),
        )
        expect(step.lost.map((lost) => lost.field)).toEqual(clashes)
        for (const field of clashes) expect(sameField(field, step.base, all.local)).toBe(true)
      }),
    )
  })

  test('only fields that Sophiie changed are written', () => {
    fc.assert(
      fc.property(sides, (drawn) => {
        const all = asRead(drawn)
        for (const field of merge(all).write) expect(sameField(field, all.local, all.base)).toBe(false)
      }),
    )
  })
})
