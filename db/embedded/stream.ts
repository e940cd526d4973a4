import { Duplex } from 'node:stream'
import type { TactError } from '../../domain/errors.ts'
import type { EmbeddedEngine, Listener } from './engine.ts'

/** What the pg driver takes for a socket: bytes to and from the database thread. */
export class EngineStream extends Duplex implements Listener {
  readonly #engine: EmbeddedEngine

  constructor(engine: EmbeddedEngine) {
    super()
    this.#engine = engine
  }

  connect(): this {
    this.#engine.open(this).then(
      () => this.emit('connect'),
      (error: unknown) => this.destroy(error as TactError),
    )
    return this
  }

  data(bytes: Uint8Array): void {
    this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  }

  gone(error: TactError): void {
    this.destroy(error)
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#engine.send(new Uint8Array(chunk))
    done()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#engine.forget(this)
    done(error)
  }
}
