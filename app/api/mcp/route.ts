import { answerMcp } from '#lib/receptionist/agent/http.ts'

export { answerMcp as DELETE, answerMcp as GET, answerMcp as POST }
