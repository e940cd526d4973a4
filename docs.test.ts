import { homedir } from 'node:os'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentPage, made, openApiFile, settingsPage, toolsPage } from './scripts/docs.ts'
import { benchPage, benchPicture, readFigures } from './scripts/bench-page.ts'
import { accessPage } from './scripts/access-page.ts'
import { schemaPage } from './scripts/schema-page.ts'
import { manifestYaml } from './slack-bot/manifest.ts'

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

test('the generated pages are what the code says now (else run `npm run docs`)', () => {
  expect(read('docs/tools.md')).toBe(toolsPage())
  expect(read('docs/openapi.json')).toBe(openApiFile())
  expect(read('docs/access.md')).toBe(accessPage(made))
  expect(read('docs/schema.md')).toBe(schemaPage(made))
  expect(read('docs/workspace-document.md')).toBe(documentPage())
  expect(read('docs/settings.md')).toBe(settingsPage(homedir()))
  expect(read('slack-bot/manifest.yaml')).toBe(manifestYaml())
})

test('the page of benchmarks says what was written down (else run `npm run bench -- page`)', () => {
  const figures = readFigures()
  expect(read('docs/benchmarks.md')).toBe(benchPage(figures))
  expect(read('docs/benchmarks.svg')).toBe(benchPicture(figures))
})

test('every page and picture that the documents point to is there', () => {
  for (const page of ['README.md', 'AGENTS.md', 'docs/architecture.md']) {
    const targets = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!)
    for (const target of targets)
      expect([page, target, existsSync(join(import.meta.dirname, page, '..', target))]).toEqual([
        page,
        target,
        true,
      ])
  }
})

test('AGENTS.md stays a map', () => {
  expect(read('AGENTS.md').split('\n').length).toBeLessThanOrEqual(120)
})
