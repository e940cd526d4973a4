import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { envelope } from './define.ts'
import { tools } from './registry.ts'

const all = [...tools.values()]
const schemaOf = (tool: (typeof all)[number]) => JSON.stringify(z.toJSONSchema(tool.input, { io: 'input' }))

describe('the registry', () => {
  test('names are snake_case, and the file of a tool has its name', () => {
    const files = readdirSync(import.meta.dirname)
    for (const { name } of all) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(files).toContain(`${name.replaceAll('_', '-')}.ts`)
    }
  })

  test('every tool has a title, labels and a description of at most 2,048 characters', () => {
    for (const { title, labels, description } of all) {
      expect(title.length).toBeGreaterThan(3)
      expect(labels.running).not.toBe('')
      expect(labels.done).not.toBe('')
      expect(description.length).toBeLessThan(2048)
    }
  })

  test('descriptions describe; they do not instruct', () => {
    for (const { description } of all)
      expect(description).not.toMatch(/\b(you must|always call|never call|important)\b/i)
  })

  test('there are at most 25 tools', () => {
    expect(all.length).toBeLessThanOrEqual(25)
  })

  test('no tool approves, executes or undoes', () => {
    for (const { name, risk } of all) {
      expect(['read', 'propose']).toContain(risk)
      expect(name).not.toMatch(/approve|execute|undo|apply|commit|confirm/)
    }
    for (const tool of all) expect(schemaOf(tool)).not.toMatch(/"(approve|approved|confirm|confirmed|force)"/)
  })

  test('no tool file reaches for what decides on proposals', () => {
    const folder = import.meta.dirname
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )) {
      expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(
        /writeback\/(approve|execute|undo|apply)\.ts/,
      )
    }
  })

  test('every input and output can be written as JSON Schema', () => {
    for (const tool of all) {
      expect(schemaOf(tool)).toContain('"type":"object"')
      expect(JSON.stringify(z.toJSONSchema(envelope(tool.data)))).toContain('"type":"object"')
    }
  })
})
