import type { CalendarApi } from '../calendar-api.ts'
import type { GoogleAnswer } from '../failure.ts'
import type { RawEvent } from '../wire.ts'
import { deleteRequest, type EventRequest, getRequest, insertRequest, patchRequest } from './event-request.ts'

type Waiting = {
  request: EventRequest<RawEvent | null>
  /** The same request, sent alone. */
  alone: () => Promise<GoogleAnswer<RawEvent | null>>
  answer: (answer: Promise<GoogleAnswer<RawEvent | null>>) => void
}

/**
 * The same calls for `workers` that each make one at a time: once all of them wait for an answer,
 * their requests are sent as one batch. Each answer means what it means alone. A worker that is
 * done leaves.
 */
export const inBatches = (api: CalendarApi, workers: number): { api: CalendarApi; leave: () => void } => {
  let waiting: Waiting[] = []
  let left = workers
  const sendIfAllWait = () => {
    if (waiting.length === 0 || waiting.length < left) return
    const batch = waiting
    waiting = []
    const answers = answersOf(api, batch)
    for (const [n, { answer }] of batch.entries()) answer(answers.then((all) => all[n] as (typeof all)[number]))
  }
  const enqueue = <T extends RawEvent | null>(
    request: EventRequest<T>,
    alone: () => Promise<GoogleAnswer<T>>,
  ): Promise<GoogleAnswer<T>> =>
    new Promise((resolve) => {
      waiting.push({ request, alone, answer: resolve as Waiting['answer'] })
      sendIfAllWait()
    })
  const leave = () => {
    left--
    sendIfAllWait()
  }
  const together: CalendarApi = {
    ...api,
    getEvent: (...given) => enqueue(getRequest(...given, api.fields.single), () => api.getEvent(...given)),
    insertEvent: (...given) => enqueue(insertRequest(...given), () => api.insertEvent(...given)),
    patchEvent: (...given) => enqueue(patchRequest(...given), () => api.patchEvent(...given)),
    deleteEvent: (...given) => enqueue(deleteRequest(...given), () => api.deleteEvent(...given)),
  }
  return { api: together, leave }
}

const answersOf = async (api: CalendarApi, batch: Waiting[]): Promise<GoogleAnswer<RawEvent | null>[]> => {
  if (batch.length === 1) return Promise.all(batch.map(({ alone }) => alone()))
  const answers = await api.batch(batch.map(({ request }) => request))
  return answers.every(isRefusedTogether) ? Promise.all(batch.map(({ alone }) => alone())) : answers
}

/** Something in between refuses batches, and may let single requests through. */
export const isRefusedTogether = (answer: GoogleAnswer<unknown> | undefined): boolean => {
  if (answer?.ok !== false) return false
  const { kind, status } = answer.failure
  return kind === 'transient' && status !== null && status >= 400 && status < 500
}
