import { answerMcp } from '#lib/receptionist/agent/http.ts'

export const maxDuration = 60

export { answerMcp as DELETE, answerMcp as GET, answerMcp as POST }
