import { describe, expect, test } from 'vitest'
import type { OccurrenceRow } from '#db/queries/occurrences.ts'
import { type BusyOccurrence, joinMeetings, membersBlockedBy } from './meetings.ts'

const row = (instanceId: string, more: Partial<OccurrenceRow> = {}): OccurrenceRow => ({
  ...{ instanceId, start: '2027-03-01T01:00:00Z', end: '2027-03-01T02:00:00Z', startDate: null, endDate: null },
  ...{ blocks: true, blocksWhy: 'busy', title: '', location: '', description: '', isPrivate: false, recurring: false },
  ...{ guestMemberIds: [], htmlLink: '', icalUid: `${instanceId}@example.com` },
  ...more,
})

let made = 0
const busy = (memberId: string, instanceId: string, more: Partial<OccurrenceRow> = {}): BusyOccurrence => ({
  ...row(instanceId, more),
  ...{ id: `busy${made++}`, memberId, memberName: memberId },
})

const idsOf = ({ own, busy: left }: ReturnType<typeof joinMeetings>) => ({
  own: own.map(({ instanceId, busyMemberIds }) => [instanceId, ...busyMemberIds]),
  busy: left.map(({ memberId, instanceId }) => [memberId, instanceId]),
})

describe('a meeting in several calendars', () => {
  test('is that of the business, and blocks the members all the same', () => {
    const seen = joinMeetings([row('a'), row('b')], [busy('mia', 'a'), busy('tom', 'a'), busy('mia', 'c')])
    expect(idsOf(seen)).toEqual({ own: [['a', 'mia', 'tom'], ['b']], busy: [['mia', 'c']] })
  })

  test('of one member is one; each member has their own', () => {
    const uid = { icalUid: 'same@example.com' }
    const seen = joinMeetings([], [busy('mia', 'a', uid), busy('mia', 'b', uid), busy('tom', 'c', uid)])
    expect(seen.busy.map(({ memberId }) => memberId)).toEqual(['mia', 'tom'])
  })

  test('is known by its UID under another id, and by its id without a UID', () => {
    const uid = { icalUid: 'a@google.com' }
    expect(idsOf(joinMeetings([row('a', { icalUid: '' })], [busy('mia', '_x', uid)])).busy).toEqual([])
  })

  test('is another with other times, or as another instance of its series', () => {
    const uid = { icalUid: 'series@example.com' }
    const moved = { ...uid, start: '2027-03-01T03:00:00Z', end: '2027-03-01T04:00:00Z' }
    expect(joinMeetings([row('a', uid)], [busy('mia', 'a', moved)]).busy).toHaveLength(1)
    const [first, second] = ['s_20270301T010000Z', 's_20270302T010000Z']
    expect(joinMeetings([row(first, uid)], [busy('mia', second, uid)]).busy).toHaveLength(1)
    expect(joinMeetings([row(first, uid)], [busy('mia', `_${first}`, uid)]).busy).toEqual([])
  })
})

describe('a meeting in further calendars of the business', () => {
  const shared = (instanceId: string, blockedIds: string[], more: Partial<OccurrenceRow> = {}) => ({
    ...row(instanceId, { guestMemberIds: blockedIds, ...more }),
    id: `roster-${instanceId}`,
  })
  const rule = { guestlessBlocks: 'everyone', linkedBy: null } as const
  const blockedOf = (rows: ReturnType<typeof joinMeetings>) =>
    rows.own.map((each) => [each.instanceId, membersBlockedBy(each, rule)])

  test('has an id of its own and blocks those whom its calendar blocks', () => {
    expect(blockedOf(joinMeetings([], [], [shared('b', ['mia']), shared('c', [])]))).toEqual([
      ['roster-b', ['mia']],
      ['roster-c', []],
    ])
  })

  test('is once what it is in the business calendar, and blocks whom either blocks', () => {
    const guests = { guestMemberIds: ['tom'] }
    const join = (own: Partial<OccurrenceRow>, blockedIds: string[], more: Partial<OccurrenceRow> = {}) =>
      blockedOf(joinMeetings([row('a', own)], [], [shared('a', blockedIds, more)]))
    expect(join(guests, ['mia'])).toEqual([['a', ['tom', 'mia']]])
    expect(join(guests, [])).toEqual([['a', []]])
    expect(join({ ...guests, blocks: false }, ['mia'])).toEqual([['a', ['mia']]])
    expect(join({ ...guests, blocks: false }, [])).toEqual([['a', []]])
    expect(join(guests, [], { blocks: false })).toEqual([['a', ['tom']]])
    const [free] = joinMeetings([row('a', { blocks: false, blocksWhy: 'free' })], [], [shared('a', [])]).own
    expect(free).toMatchObject({ blocks: true, blocksWhy: 'busy' })
  })

  test('of two of them is one; in the calendar of a member it blocks them too', () => {
    const twice = [shared('a', ['mia']), { ...shared('a', ['tom']), id: 'holidays-a' }]
    expect(blockedOf(joinMeetings([], [], twice))).toEqual([['roster-a', ['mia', 'tom']]])
    const rows = joinMeetings([], [busy('ben', 'a')], [shared('a', ['mia'])])
    expect(blockedOf(rows)).toEqual([['roster-a', ['mia', 'ben']]])
    expect(rows.busy).toEqual([])
  })

  test('is in the order of all', () => {
    const early = { start: '2027-02-28T01:00:00Z', end: '2027-02-28T02:00:00Z' }
    const { own } = joinMeetings([row('a')], [], [shared('b', [], early)])
    expect(own.map(({ instanceId }) => instanceId)).toEqual(['roster-b', 'a'])
  })
})

describe('whom an event of the business blocks', () => {
  const rule = { guestlessBlocks: 'everyone', linkedBy: 'olive' } as const
  test.each([
    ['everyone, however many are busy', { busyMemberIds: ['mia'] }, []],
    ['its guests, and who is busy', { guestMemberIds: ['tom'], busyMemberIds: ['mia', 'tom'] }, ['tom', 'mia']],
    ['who is busy, if it does not block itself', { blocks: false, busyMemberIds: ['mia'] }, ['mia']],
    ['no one, if no one is', { blocks: false }, null],
  ])('%s', (_, more, blocked) => {
    expect(membersBlockedBy({ ...row('a'), busyMemberIds: [], ...more }, rule)).toEqual(blocked)
  })
})
