import { SpanStatusCode, trace } from '@opentelemetry/api'
import type { Attributes } from '@opentelemetry/api'
import { onMeasure } from '../domain/measures.ts'

/**
 * Tells OpenTelemetry of turns, tool calls, hiding and requests to models, as spans that are over: names of tools, codes,
 * counts and the id of the conversation, never a word. They go wherever the provider sends them that the operator has
 * registered in this process; without one nothing is kept.
 */
export const startTraces = (): { close(): void } => {
  const tracer = trace.getTracer('tact')
  const over = (
    name: string,
    { ms, ok }: { readonly ms: number; readonly ok: boolean },
    attributes: Attributes,
  ) => {
    const endMs = Date.now()
    const span = tracer.startSpan(name, { startTime: endMs - ms, attributes })
    if (!ok) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(endMs)
  }
  const deaf = [
    onMeasure('turn', ({ conversationId, status, model, requests, ms }) =>
      over(
        'tact.turn',
        { ms, ok: status !== 'failed' },
        {
          'tact.conversation': conversationId,
          'tact.status': status,
          'tact.model': model,
          'tact.requests': requests,
        },
      ),
    ),
    onMeasure('tool_call', ({ conversationId, tool, outcome, ms }) =>
      over(
        'tact.tool_call',
        { ms, ok: outcome === 'ok' },
        { 'tact.conversation': conversationId, 'tact.tool': tool, 'tact.outcome': outcome },
      ),
    ),
    onMeasure('scrub', ({ what, ms }) => over('tact.scrub', { ms, ok: true }, { 'tact.what': what })),
    onMeasure('egress', ({ conversationId, bytes, handles, sent }) =>
      over(
        'tact.egress',
        { ms: 0, ok: sent },
        { 'tact.conversation': conversationId, 'tact.bytes': bytes, 'tact.handles': handles },
      ),
    ),
  ]
  return {
    close: () => {
      for (const stop of deaf) stop()
    },
  }
}
