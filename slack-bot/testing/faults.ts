/** What goes wrong with a call. `reset`: cut before it is read; `accept-then-reset`: carried out, then cut. */
export type Fault =
  | { readonly kind: 'reset' | 'accept-then-reset' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'rate-limit'; readonly seconds: number }
  | { readonly kind: 'error'; readonly error: string }

/** Faults that wait for their call: by method, in the order they were planned, or as a function decides. */
export class Faults {
  readonly #planned: { readonly method: string; readonly fault: Fault; times: number }[] = []
  /** Asked for each call that no planned fault takes. */
  decide: (method: string, fields: Readonly<Record<string, unknown>>) => Fault | undefined = () => undefined

  /** The next `times` calls of a method (`*`: of any) meet this fault. */
  plan(method: string, fault: Fault, times = 1): void {
    this.#planned.push({ method, fault, times })
  }

  take(method: string, fields: Readonly<Record<string, unknown>>): Fault | undefined {
    const found = this.#planned.find(
      (entry) => entry.times > 0 && (entry.method === method || entry.method === '*'),
    )
    if (!found) return this.decide(method, fields)
    found.times--
    return found.fault
  }
}
