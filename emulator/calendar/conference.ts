import type { StoredEvent } from '../model.ts'

/** Creates the requested meeting; repeating a request id returns the existing one. */
export function resolveConference(
  { conferenceData }: StoredEvent['content'],
  before: StoredEvent | undefined,
): Partial<StoredEvent['content']> {
  const known = before?.content.conferenceData
  const request = conferenceData?.createRequest
  if (!request || conferenceData.conferenceId) return conferenceData ? { ...keptLink(before), conferenceData } : {}
  if (known?.createRequest?.requestId === request.requestId) return { ...keptLink(before), conferenceData: known }
  const code = meetingCode(request.requestId)
  const uri = `https://meet.google.com/${code}`
  return {
    hangoutLink: uri,
    conferenceData: {
      createRequest: { ...request, status: { statusCode: 'success' } },
      conferenceId: code,
      conferenceSolution: { key: { type: 'hangoutsMeet' }, name: 'Google Meet' },
      entryPoints: [{ entryPointType: 'video', uri, label: uri.slice('https://'.length) }],
    },
  }
}

function keptLink(before: StoredEvent | undefined): Partial<StoredEvent['content']> {
  return before?.content.hangoutLink ? { hangoutLink: before.content.hangoutLink } : {}
}

/** `abc-defg-hij`, derived from the request id. */
function meetingCode(requestId: string): string {
  const letters = Array.from({ length: 10 }, (_, index) => {
    const code = requestId.charCodeAt(index % Math.max(1, requestId.length)) || index
    return String.fromCharCode(97 + ((code + index * 7) % 26))
  }).join('')
  return `${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`
}
