import { createInterface } from 'node:readline'
import type { Business } from '../load/businesses.ts'
import { startAttacks } from './attacks.ts'

// The hostile business in a process of its own. A line on stdin asks for the answers so far.

const [url = '', given = '{}'] = process.argv.slice(2)
const answers = startAttacks(url, JSON.parse(given) as Business)

for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(answers))
process.exit()
