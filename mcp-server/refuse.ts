import type { Response } from 'express'

/** Ends a request before MCP saw it: an HTTP status, and the JSON-RPC error that MCP clients show. */
export const refuse = (response: Response, status: number, message: string, code = -32_000): void => {
  response.status(status).json({ jsonrpc: '2.0', error: { code, message }, id: null })
}
