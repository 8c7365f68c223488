import { randomInt, randomUUID } from 'node:crypto'
import { CliError } from '../process/cli-error.ts'
import { postTool, type Reply, type Server, type Time } from './post-tool.ts'

/** What a call did, for the summary. */
export type Report = { requests: number; slowestMs: number; reference: string }

type Line = { print: (line: string) => void; server: Server }

/**
 * A caller with a dripping tap: asks, is offered times, has one held, interrupts the booking, hears
 * it once, rings again to move it, and cancels. Dates come from the answers, so that it works on
 * every day.
 */
export const playConversation = async ({ print, server }: Line): Promise<Report> => {
  const line = phoneLine({ print, server })
  const phone = `0491 570 ${String(randomInt(1000)).padStart(3, '0')}`
  const booked = await firstCall(line, phone)
  await someoneElse(line, booked)
  await secondCall(line, { ...booked, phone })
  const { requests, slowestMs } = line.report
  return { requests, slowestMs, reference: booked.reference }
}

const phoneLine = ({ print, server }: Line) => {
  const report = { requests: 0, slowestMs: 0 }
  const caller = (text: string) => print(`Caller:  ${text}`)
  const sophiie = (text: string) => print(`Sophiie: ${text}`)

  const send = async (tool: string, input: object, signal?: AbortSignal): Promise<Reply> => {
    const started = performance.now()
    const reply = await postTool(server, tool, input, signal)
    if (!reply) throw new CliError('The key of the demo is no longer accepted. Start the demo again.')
    report.requests++
    report.slowestMs = Math.max(report.slowestMs, performance.now() - started)
    return reply
  }

  /** Sends a request and says its answer. `code`: of the refusal that is expected. */
  const ask = async (tool: string, input: object, code?: string): Promise<Reply> => {
    const reply = await send(tool, input)
    sophiie(reply.say)
    return expectCode(tool, reply, code)
  }
  return { print, report, caller, sophiie, send, ask }
}
type Phone = ReturnType<typeof phoneLine>

const expectCode = (tool: string, reply: Reply, code?: string): Reply => {
  if (reply.code !== code) throw new CliError(`${tool} should be ${code ?? 'ok'} and is ${reply.code ?? 'ok'}.`)
  return reply
}

const service = 'dripping tap'

/** Open days from the day after tomorrow on: no notice or cut-off is in the way. */
const openDays = ({ days }: Reply) => days.slice(2).filter(({ say }) => say.includes('open'))

type Booked = { id: string; reference: string; at: Time; member: string }

const firstCall = async (line: Phone, phone: string): Promise<Booked> => {
  const { print, caller, sophiie, ask, send } = line
  const callId = `call-${randomUUID()}`
  print('— The phone rings. —')
  const context = expectCode('get_context', await send('get_context', { phone, callId }))
  sophiie(`${context.say} How can I help?`)
  caller('My kitchen tap is dripping. When could someone come?')
  const [day] = openDays(context)
  if (!day) throw new CliError('The sample business is closed for three weeks.')
  const found = await ask('find_times', { service, from: day.date, callId })
  const slot = found.slots[0]
  const member = slot?.members[0]?.name
  if (!slot || member === undefined) throw new CliError('The sample business is fully booked.')

  caller(`${slot.say} would suit me.`)
  const at = { date: slot.date, weekday: slot.weekday, time: slot.time }
  const { hold } = await ask('hold_time', { service, member, ...at, callId })
  sophiie('What name and phone number shall I put it under?')
  caller(`Alex Taylor, ${phone}.`)
  const booking = { hold, name: 'Alex Taylor', phone, notes: 'Kitchen tap drips.', callId }
  await interrupted(line, booking)
  caller('Sorry, that was the dog. Go on.')
  const { appointment } = await ask('book_appointment', booking)
  const again = expectCode('book_appointment', await send('book_appointment', booking))
  if (!appointment || !again.alreadyBooked || again.appointment?.id !== appointment.id)
    throw new CliError('The repeated booking made a second appointment.')
  caller('Great, thank you. Bye!')
  return { id: appointment.id, reference: appointment.reference, at, member }
}

/** The platform closes the connection when the caller speaks; the server may or may not be done. */
const interrupted = async ({ print, send }: Phone, booking: object) => {
  await send('book_appointment', booking, AbortSignal.timeout(5)).catch(() => null)
  print('— The caller speaks over Sophiie; the request is cut off. —')
}

const someoneElse = async ({ print, caller, ask }: Phone, { at, member }: Booked) => {
  print('\n— Another phone rings. —')
  caller(`Could ${member} come to us at the same time?`)
  const kim = { name: 'Kim Ng', phone: '0491 570 006', callId: `call-${randomUUID()}` }
  const { alternatives } = await ask('book_appointment', { service, member, ...at, ...kim }, 'taken')
  if (alternatives.length !== 3) throw new CliError('A taken time came without three alternatives.')
  caller('Then I will ring again tomorrow.')
}

const secondCall = async (line: Phone, { id, phone, at, reference }: Booked & { phone: string }) => {
  const { print, caller, sophiie, ask, send } = line
  const callId = `call-${randomUUID()}`
  print('\n— The first caller rings again. —')
  const context = expectCode('get_context', await send('get_context', { phone, callId }))
  if (context.appointments.length !== 1) throw new CliError('The caller should have one appointment.')
  sophiie(`${context.say} How can I help?`)
  caller('It is Alex, about my appointment. Could you come on another day?')
  await ask('find_appointments', { phone, callId })
  const other = openDays(context).find(({ date }) => date > at.date)
  const found = await ask('find_times', { service, from: other?.date, part: 'morning', callId })
  const slot = found.slots.at(-1) ?? found.slots[0]
  if (!slot) throw new CliError('There is no other time.')
  const to = { date: slot.date, weekday: slot.weekday, time: slot.time }
  const wrong = { ...to, weekday: slot.weekday === 'Friday' ? 'Thursday' : 'Friday' }
  caller(`${slot.say.replace(slot.weekday, wrong.weekday).replace(/ of .*/, '')}, then, in the morning.`)
  await ask('move_appointment', { reference, phone, ...wrong, callId }, 'weekday-mismatch')
  caller(`I mean ${slot.say}.`)
  const moved = await ask('move_appointment', { reference, phone, ...to, member: 'any', callId })
  if (moved.appointment?.id !== id) throw new CliError('Another appointment was moved.')

  caller('Hm. My neighbour can fix it after all. Please cancel it.')
  await ask('cancel_appointment', { appointment: id, callId }, 'proof-needed')
  caller('Taylor.')
  const cancelled = await ask('cancel_appointment', { appointment: id, surname: 'Taylor', callId })
  if (cancelled.appointment?.status !== 'cancelled') throw new CliError('The appointment was not cancelled.')
  const all = expectCode('find_appointments', await send('find_appointments', { phone, callId }))
  if (all.appointments.some(({ status }) => status !== 'cancelled')) throw new CliError('An appointment is left.')
  caller('Thanks, bye!')
}
