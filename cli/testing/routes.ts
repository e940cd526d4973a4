import type { Express } from 'express'

interface Layer {
  readonly rawPath?: unknown
  readonly route?: { readonly path: string | readonly string[] }
  readonly handle: { readonly stack?: readonly Layer[] }
}

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')

const pathsIn = (stack: readonly Layer[], before: string): readonly string[] =>
  stack.flatMap(({ rawPath, route, handle }) => {
    if (route) return texts(route.path).map((path) => before + path)
    if (!handle.stack) return []
    return texts(rawPath).flatMap((path) => pathsIn(handle.stack!, path === '/' ? before : before + path))
  })

/** Every path that the application has a route for, as it was mounted (`/inbox/proposals/:id`), asked of its router. */
export const routesOf = (app: Express): readonly string[] => [
  ...new Set(pathsIn((app.router as unknown as { readonly stack: readonly Layer[] }).stack, '')),
]
